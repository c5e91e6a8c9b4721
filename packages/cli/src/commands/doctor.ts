import type { DoctorCheck } from '@devfactory/contracts';
import { commonOptions, serverOptions, type Command } from '../command.ts';
import { exitCodes } from '../exit-code.ts';
import { withServer } from '../server/connect.ts';
import { oneLine, type Paint } from '../terminal.ts';

export const doctor: Command = {
  name: 'doctor',
  about: 'probe this machine: sandbox, limits, toolchains, disk',
  words: '',
  count: { least: 0, most: 0 },
  options: { ...serverOptions, ...commonOptions },
  run: (invocation) =>
    withServer(invocation, async ({ client }) => {
      const { arguments: given, terminal } = invocation;
      const checks = await client.doctor();
      if (given.flag('json')) terminal.out(JSON.stringify(checks));
      else for (const check of checks) terminal.out(block(check, terminal.outPaint));
      return checks.some((check) => check.outcome === 'error') ? exitCodes.failed : exitCodes.done;
    }),
};

function block({ name, outcome, found, fix }: DoctorCheck, paint: Paint): string {
  const word = { ok: paint.good('ok     '), warning: paint.attention('warning'), error: paint.bad('error  ') }[outcome];
  const line = `${word} ${paint.strong(oneLine(name, 60))}: ${oneLine(found, 300)}`;
  return fix === '' ? line : `${line}\n        to mend it: ${oneLine(fix, 400)}`;
}
