import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Row } from '../row.ts';
import type { Bench } from '../stage/bench.ts';
import { endProcess, postmasterOf } from '../stage/factory.ts';
import { NpmStart } from '../stage/npm-start.ts';
import { memoryOf, processorMs, processTree } from '../stage/processes.ts';

/** What starting itself still does must not count as idling. */
const settleMs = 6_000;
const watchMs = 10_000;

/** An installation that nobody uses, as `npm start` leaves it. */
export const idle: Row = {
  name: 'idle',
  title: 'An installation that nobody uses',
  measure: async (bench) => {
    const dataDir = await bench.folder('idle');
    const start = await NpmStart.until(bench, dataDir);
    const bare = await bareNode(bench);
    await pause(settleMs);
    // The database may be the server's child or stand for itself.
    const trees = [await processTree(await serverPid(dataDir)), await processTree(await postmasterOf(dataDir))];
    const server = [...new Set(trees.flat())];
    const launchers = (await processTree(start.pid)).filter((pid) => !server.includes(pid));
    const before = await Promise.all([processorMs(server), processorMs(launchers)]);
    await pause(watchMs);
    const after = await Promise.all([processorMs(server), processorMs(launchers)]);
    const memory = await memoryOf(server);
    const reference = { name: 'an idle node', value: (await memoryOf([bare])).once };
    const share = (index: 0 | 1): number => ((after[index] - before[index]) / watchMs) * 100;
    return {
      figures: [
        {
          name: 'server and PostgreSQL, memory',
          unit: 'bytes',
          value: memory.once,
          n: 1,
          reference,
          goal: { atMost: 250e6, of: 'value' },
        },
        { name: 'the same, shared pages counted each time', unit: 'bytes', value: memory.resident, n: 1, reference },
        {
          name: 'npm and command around it, memory',
          unit: 'bytes',
          value: (await memoryOf(launchers)).once,
          n: 1,
          reference,
        },
        {
          name: 'server and PostgreSQL, of one core in 10 s',
          unit: 'percent',
          value: share(0),
          n: 1,
          goal: { atMost: 1, of: 'value' },
        },
        { name: 'npm and command around it, of one core', unit: 'percent', value: share(1), n: 1 },
      ],
      notes: [`${server.length} processes are the server and PostgreSQL, ${launchers.length} stand around them.`],
    };
  },
};

async function serverPid(dataDir: string): Promise<number> {
  return (JSON.parse(await readFile(join(dataDir, 'server.json'), 'utf8')) as { pid: number }).pid;
}

async function bareNode(bench: Bench): Promise<number> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6); console.log(1)'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  bench.after(() => endProcess(child, 'SIGTERM'));
  await once(child.stdout, 'data');
  return child.pid ?? 0;
}
