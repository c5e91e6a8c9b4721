import type { RunSummary } from '@devfactory/contracts';
import { commonOptions, serverOptions, type Command } from '../command.ts';
import { UsageError } from '../failure.ts';
import { withServer } from '../server/connect.ts';
import { oneLine, type Paint } from '../terminal.ts';
import { typed } from '../typed.ts';

export const runs: Command = {
  name: 'runs',
  about: 'list runs, newest first',
  words: '',
  count: { least: 0, most: 0 },
  options: {
    state: { value: 'STATE', about: 'only those: waiting, working, delivered …' },
    archived: { about: 'archived runs too' },
    limit: { value: 'N', about: 'how many (default 20, at most 200)' },
    ...serverOptions,
    ...commonOptions,
  },
  run: (invocation) => {
    const { arguments: given, terminal } = invocation;
    const limit = Number(given.text('limit') ?? 20);
    if (!Number.isInteger(limit) || limit < 1 || limit > 200)
      throw new UsageError('--limit is a number from 1 to 200.');
    const state = given.text('state');
    return withServer(invocation, async ({ client }) => {
      const page = await client.runs.list({
        limit,
        ...(state === null ? {} : { state }),
        ...(given.flag('archived') ? { archived: 'all' as const } : {}),
      });
      if (given.flag('json')) terminal.out(JSON.stringify(page.runs));
      else if (page.runs.length === 0) terminal.talk(`No runs. Start one: ${typed('run "what should be built"')}`);
      else for (const run of page.runs) terminal.out(line(run, terminal.outPaint));
      return 0;
    });
  },
};

function line(run: RunSummary, paint: Paint): string {
  const state = run.state.padEnd(10);
  const { proven, total } = run.requirements;
  return `${run.id}  ${run.needsPerson ? paint.attention(state) : state} ${`${proven}/${total}`.padStart(7)}  ${run.createdAt.slice(0, 16).replace('T', ' ')}  ${oneLine(run.name, 60)}`;
}
