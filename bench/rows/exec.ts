import { median } from '../report/figure.ts';
import type { Row } from '../row.ts';
import { openSandbox } from '../stage/sandbox.ts';
import { alternate, command } from '../stage/timing.ts';

const argv = ['bash', '-c', 'true'];

/** The smallest command there is, inside and outside. */
export const exec: Row = {
  name: 'exec',
  title: 'A command in the sandbox',
  measure: async (bench) => {
    const workspace = await openSandbox(bench, await bench.folder('exec'));
    const n = bench.pick(30, 200);
    const inside = async (): Promise<void> => {
      const { exitCode } = await workspace.exec({ argv, timeoutMs: 20_000 });
      if (exitCode !== 0) throw new Error(`bash in the sandbox ended with ${String(exitCode)}`);
    };
    const outside = (): Promise<void> => command(argv);
    await alternate(3, [inside, outside]);
    const [through = [], plain = []] = await alternate(n, [inside, outside]);
    return {
      figures: [
        {
          name: 'bash -c true through the supervisor',
          unit: 'ms',
          value: median(through),
          n,
          reference: { name: 'spawned on the host', value: median(plain) },
          goal: { atMost: 1.5, of: 'ratio' },
        },
      ],
    };
  },
};
