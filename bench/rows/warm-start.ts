import { median, type Figure, type Reference } from '../report/figure.ts';
import type { Row } from '../row.ts';
import type { Bench } from '../stage/bench.ts';
import { Factory, quietEnvironment } from '../stage/factory.ts';
import { NpmStart, root } from '../stage/npm-start.ts';
import { command, timed } from '../stage/timing.ts';

/** From the command to the printed address, when everything is installed, built and initialised. */
export const warmStart: Row = {
  name: 'warm-start',
  title: 'Start again on the same data',
  measure: async (bench) => {
    const dataDir = await bench.folder('start');
    const n = bench.pick(3, 7);
    const first = await startAndStop(dataDir);
    const [whole, server, help, bare]: [number[], number[], number[], number[]] = [[], [], [], []];
    for (let round = 0; round < n; round += 1) {
      bare.push(await timed(() => command([process.execPath, '-e', '0'])));
      whole.push(await startAndStop(dataDir));
      server.push(await startServerAlone(bench, dataDir));
      help.push(
        await timed(() => command(['npm', '--prefix', root, 'start', '--', 'help'], { env: quietEnvironment() })),
      );
    }
    const reference: Reference = { name: 'node -e 0', value: median(bare) };
    const figures: Figure[] = [
      {
        name: 'npm start to the address, warm',
        unit: 'ms',
        value: median(whole),
        n,
        reference,
        goal: { atMost: 2000, of: 'value' },
      },
      { name: 'of it the server itself', unit: 'ms', value: median(server), n, reference },
      { name: 'npm start -- help, which starts no server', unit: 'ms', value: median(help), n, reference },
      { name: 'npm start on an empty data directory', unit: 'ms', value: first, n: 1, reference },
    ];
    return { figures };

    async function startAndStop(directory: string): Promise<number> {
      const start = await NpmStart.until(bench, directory);
      await start.stop();
      return start.readyMs;
    }
  },
};

async function startServerAlone(bench: Bench, dataDir: string): Promise<number> {
  const started = performance.now();
  const factory = await Factory.start(bench, dataDir);
  const ready = performance.now() - started;
  await factory.stop();
  return ready;
}
