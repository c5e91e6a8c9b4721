import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { median } from '../report/figure.ts';
import type { Row } from '../row.ts';
import type { Bench } from '../stage/bench.ts';
import { endProcess, Factory } from '../stage/factory.ts';
import { enter, readPage } from '../stage/foreign-page.ts';
import { runWith } from '../stage/preview-run.ts';
import { memoryOf, processTree } from '../stage/processes.ts';
import { eventually, timed } from '../stage/timing.ts';

/** What starting itself still does must not count as idling. */
const settleMs = 8_000;
const startMs = 60_000;
const fetchMs = 300_000;

/** VS Code of a run: from the wish to the page of its workbench, behind wall and gateway, beside code-server by itself. */
export const ide: Row = {
  name: 'ide',
  title: 'VS Code of a run',
  measure: async (bench) => {
    const folder = await bench.folder('ide');
    const directory = process.env['DEVFACTORY_IDE_DIR'] ?? join(folder, 'programs');
    const factory = await Factory.start(bench, join(folder, 'data'), { DEVFACTORY_IDE_DIR: directory });
    await fetchBundle(factory);
    const program = await programIn(directory);
    const ours: number[] = [];
    const alone: number[] = [];
    let sandbox: readonly number[] = [];
    const n = bench.pick(2, 5);
    for (let round = 0; round < n; round += 1) {
      const before = new Set(await processTree(factory.pid));
      const runId = await runWith(factory, { 'one.txt': 'one\n' });
      ours.push(await timed(() => openIde(factory, runId)));
      alone.push(await startAlone(bench, program, join(folder, `alone-${round}`)));
      sandbox = (await processTree(factory.pid)).filter((pid) => !before.has(pid));
    }
    await pause(settleMs);
    const memory = await memoryOf(sandbox);
    return {
      figures: [
        {
          name: 'from the wish to its page',
          unit: 'ms',
          value: median(ours),
          n,
          reference: { name: 'code-server alone', value: median(alone) },
          goal: { atMost: 4, of: 'ratio' },
        },
        {
          name: 'its sandbox without a browser, memory',
          unit: 'bytes',
          value: memory.once,
          n: 1,
          goal: { atMost: 200e6, of: 'value' },
        },
      ],
      notes: [`${sandbox.length} processes are the sandbox: its wall, supervisor, shell and VS Code.`],
    };
  },
};

/** Resolves when it is there. Throws why it cannot be had. */
async function fetchBundle({ client }: Factory): Promise<void> {
  await client.ide.fetch();
  await eventually('VS Code', fetchMs, async () => {
    const state = await client.ide.bundle();
    if (state.is === 'failed') throw new Error(state.sentence);
    return state.is === 'ready' ? true : null;
  });
}

/** A bundle's own program; our extension lies beside it. */
async function programIn(directory: string): Promise<string> {
  const programs = (await readdir(directory)).map((name) =>
    join(directory, name, 'server/node_modules/code-server/out/node/entry.js'),
  );
  const found = programs.find((program) => existsSync(program) && !program.includes('.draft/'));
  if (found === undefined) throw new Error(`no VS Code in ${directory}`);
  return found;
}

async function openIde(factory: Factory, runId: string): Promise<void> {
  const visitor = await enter(await factory.client.ide.open(runId));
  const { status, text } = await readPage(visitor, '/?folder=/workspace');
  if (status !== 200 || !text.includes('workbench')) throw new Error(`VS Code answered ${status}`);
}

/** The same program on the same machine, without a wall; ended again. Gives its milliseconds. */
async function startAlone(bench: Bench, program: string, folder: string): Promise<number> {
  const socketPath = `${folder}.sock`;
  const argv = ['--auth', 'none', '--socket', socketPath, '--config', '/dev/null', '--user-data-dir', folder];
  const quiet = ['--disable-proxy', '--disable-telemetry', '--disable-update-check', '--disable-workspace-trust'];
  let child: ReturnType<typeof spawn> | null = null;
  const ms = await timed(async () => {
    child = spawn(process.execPath, [program, ...argv, ...quiet, folder], {
      stdio: 'ignore',
      env: { PATH: process.env['PATH'], HOME: folder, EXTENSIONS_GALLERY: '{"serviceUrl":""}' },
    });
    const started = child;
    bench.after(() => endProcess(started, 'SIGTERM'));
    await eventually('code-server', startMs, async () => {
      const { status, text } = await readPage({ socketPath }, `/?folder=${folder}`).catch(() => ({
        status: 0,
        text: '',
      }));
      return status === 200 && text.includes('workbench') ? true : null;
    });
  });
  if (child) await endProcess(child, 'SIGTERM');
  return ms;
}
