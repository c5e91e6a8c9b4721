import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createFileBlobStore } from '@devfactory/blobs-file';
import type { Check, Checkpoint, Evidence } from '@devfactory/contracts';
import { carryOver, makeCheckpoint, mutate, removeVerifierFolders, verify, type VerifyDeps } from '@devfactory/engine';
import { nodeToolchain } from '@devfactory/toolchain-node';
import { createBwrapDriver } from '@devfactory/workspace-bwrap';
import type { Row } from '../row.ts';
import type { Bench } from '../stage/bench.ts';
import { openSandbox } from '../stage/sandbox.ts';
import { shopChecks, shopFiles, shopRequirements, shopTests } from '../stage/shop.ts';
import { timed } from '../stage/timing.ts';

const runId = 'run_bbbbbbbbbbbbbbbb';

/** What proving costs beside running the tests once, and what of it a change of one file costs again. */
export const verification: Row = {
  name: 'verification',
  title: `Verifying ${shopRequirements} requirements of a project of 60 files, with mutants`,
  measure: async (bench) => {
    const place = await open(bench);
    const plainMs = await plainTests(bench);
    const { base, head, changed, checks } = place;
    let evidence: Evidence[] = [];
    let noticed = 0;
    const verifyMs = await timed(async () => {
      evidence = await all(verify(place.deps, request(head, checks), new AbortController().signal));
    });
    requirePassed(evidence);
    const mutateMs = await timed(async () => {
      const asked = {
        runId,
        id: randomUUID(),
        base,
        checkpoint: head,
        checks,
        budgetMs: 60_000,
        inputs: inputsOf(evidence),
      };
      for await (const mutation of mutate(place.deps, asked, new AbortController().signal))
        noticed += Math.min(1, mutation.killed);
    });
    let carried: Evidence[] = [];
    const againMs = await timed(async () => {
      carried = await carryOver(place.deps, request(changed, checks), { known: evidence });
      const done = new Set(carried.map(({ checkId }) => checkId));
      const rest = checks.filter(({ id }) => !done.has(id));
      const asked = { ...request(changed, rest), plan: checks };
      requirePassed(await all(verify(place.deps, asked, new AbortController().signal)));
    });
    const wholeMs = await timed(async () => {
      requirePassed(await all(verify(place.deps, request(changed, checks), new AbortController().signal)));
    });
    const plain = { name: 'node --test', value: plainMs };
    return {
      figures: [
        {
          name: 'verified twice, with mutants',
          unit: 'ms',
          value: verifyMs + mutateMs,
          n: 1,
          reference: plain,
          goal: { atMost: 5, of: 'ratio' },
        },
        { name: 'of it in mutants', unit: 'ms', value: mutateMs, n: 1, reference: plain },
        {
          name: 'again after one file changed',
          unit: 'ms',
          value: againMs,
          n: 1,
          reference: { name: 'all of it', value: wholeMs },
          goal: { atMost: 0.25, of: 'ratio' },
        },
      ],
      notes: [
        `${noticed} of ${checks.length} checks noticed a mutant; after the change ${carried.length} were carried over.`,
        'The plain tests run once, on the host, all files side by side. A verification runs each twice, in a sandbox of its own.',
      ],
    };
  },
};

interface Place {
  readonly deps: VerifyDeps;
  readonly checks: readonly Check[];
  readonly base: Checkpoint;
  readonly head: Checkpoint;
  readonly changed: Checkpoint;
}

async function open(bench: Bench): Promise<Place> {
  const dataDir = await bench.folder('verification');
  const workspace = await openSandbox(bench, dataDir);
  const blobs = createFileBlobStore({ directory: join(dataDir, 'blobs') });
  const driver = createBwrapDriver({ dataDir });
  bench.after(() => removeVerifierFolders(driver, runId));
  const write = async (files: ReadonlyMap<string, string>): Promise<void> => {
    const folders = [...new Set([...files.keys()].map((path) => dirname(path)).filter((path) => path !== '.'))];
    await workspace.files.putMany(
      folders.map((path) => ({ type: 'directory' as const, path, raw: false, mode: 0o755 })),
    );
    for (const [path, text] of files) await workspace.files.write(path, Buffer.from(text));
  };
  const keep = (id: string): Promise<Checkpoint> =>
    makeCheckpoint({ workspace, blobs }, { id, label: id, reason: 'step', step: null, previous: null });
  await write(new Map([['package.json', '{ "name": "shop", "type": "module" }\n']]));
  const base = await keep('ck-0');
  await write(shopFiles());
  const head = await keep('ck-1');
  await write(new Map([['src/rate7.mjs', '// Less by seven.\nexport const rate7 = 0.83;\n']]));
  const changed = await keep('ck-2');
  return {
    deps: { driver, blobs, toolchains: [nodeToolchain()] },
    checks: await shopChecks(blobs),
    base,
    head,
    changed,
  };
}

function request(checkpoint: Checkpoint, checks: readonly Check[]) {
  const entries = checks.map((check) => ({ check, requirementVersion: 1 }));
  return { runId, verificationId: randomUUID(), checkpoint, onBase: false, checks: entries };
}

async function all(evidence: AsyncIterable<Evidence>): Promise<Evidence[]> {
  const found: Evidence[] = [];
  for await (const item of evidence) found.push(item);
  return found;
}

function inputsOf(evidence: readonly Evidence[]): Record<string, string> {
  return Object.fromEntries(
    evidence.flatMap(({ checkId, inputs }) => (inputs === undefined ? [] : [[checkId, inputs]])),
  );
}

/** A time of something that failed would be a time of something else. */
function requirePassed(evidence: readonly Evidence[]): void {
  const bad = evidence.find(({ verdict }) => verdict !== 'passed');
  if (bad) throw new Error(`${bad.checkId} is ${bad.verdict}: ${bad.excerpt.slice(0, 500)}`);
}

/** What a person would run: all tests, once. */
async function plainTests(bench: Bench): Promise<number> {
  const folder = await bench.folder('plain');
  for (const [path, text] of [...shopFiles(), ...shopTests()]) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return timed(async () => {
    const child = spawn(process.execPath, ['--test'], { cwd: folder, stdio: 'ignore' });
    const [code] = (await once(child, 'exit')) as [number | null];
    if (code !== 0) throw new Error(`node --test ended with ${String(code)}`);
  });
}
