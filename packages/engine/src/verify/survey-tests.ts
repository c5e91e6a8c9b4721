import { randomBytes } from 'node:crypto';
import { limits, type Checkpoint, type CheckFile } from '@devfactory/contracts';
import { DomainError, readReports, runnerFolder, withoutControls, type Toolchain } from '@devfactory/kit';
import { openSourceTree } from '../checkpoints/index.ts';
import type { EgressSum } from '../egress-sums.ts';
import { installedBins, runnerFor } from './checks/test-check.ts';
import { prepare } from './prepare/prepare.ts';
import { sourceView } from './prepare/source-view.ts';
import { defaultCheckLimits, type VerifyDeps } from './request.ts';
import { openCheckSandbox, type Ready } from './sandbox/check-sandbox.ts';
import { removeAbandoned, sandboxId, Sandboxes } from './sandbox/sandboxes.ts';
import { inProject, type Verifying } from './sandbox/verifying.ts';

/** Tests of one file that passed twice, with what they need beside it. */
export interface TestSuite {
  readonly toolchain: string;
  readonly files: readonly CheckFile[];
  readonly tests: readonly string[];
}

export interface TestSurvey {
  readonly toolchains: readonly { readonly id: string; readonly title: string }[];
  readonly suites: readonly TestSuite[];
  /** Ids of tests that did not pass twice. */
  readonly red: readonly string[];
  /** Test files of which nothing could be run. */
  readonly silent: readonly string[];
  /** Why no test could be run at all; null when they were, or when there are none. */
  readonly trouble: string | null;
  /** How long all tests took once. Milliseconds. */
  readonly durationMs: number;
  readonly egress: readonly EgressSum[];
}

interface SurveyRequest {
  readonly runId: string;
  /** Unique within the installation: it names the sandboxes. */
  readonly surveyId: string;
  readonly checkpoint: Checkpoint;
}

const timeoutMs = 300_000;
const outputBytes = 8 * 1024 * 1024;
const mostFiles = 400;
/** A name that no test has. */
const noTest = 'devfactory looks for tests';

/**
 * Finds the tests that a source tree brings along and runs them twice, as checks would be run. What the tree's code does never makes it
 * throw; rejects with DomainError when `signal` aborts. However it ends, its sandboxes are removed.
 */
export async function surveyTests(deps: VerifyDeps, request: SurveyRequest, signal: AbortSignal): Promise<TestSurvey> {
  const { runId, surveyId, checkpoint } = request;
  const sandboxes = new Sandboxes(deps.driver, defaultCheckLimits);
  const tree = await openSourceTree(deps.blobs, checkpoint);
  const asked = { runId, verificationId: surveyId, checkpoint, onBase: true, checks: [] };
  const verifying: Verifying = { deps, request: asked, sandboxes, tree, signal, runners: new Map() };
  const view = sourceView(tree);
  const projects: {
    readonly toolchain: Toolchain;
    readonly files: readonly CheckFile[];
    readonly tests: Set<string>;
  }[] = [];
  const toolchains: TestSurvey['toolchains'][number][] = [];
  for (const toolchain of deps.toolchains) {
    const project = await toolchain.detect(view);
    if (!project) continue;
    toolchains.push({ id: toolchain.id, title: project.title });
    const { tests, support } = toolchain.ownTests?.(view.paths) ?? { tests: [], support: [] };
    const files = await readAll([...support, ...tests].slice(0, mostFiles), (path) => view.read(path));
    if (tests.length > 0) projects.push({ toolchain, files, tests: new Set(tests) });
  }
  const found: Found = { toolchains, suites: [], red: [], silent: [], trouble: null, durationMs: 0 };
  try {
    if (projects.length > 0) await removeAbandoned(deps.driver, runId);
    const prepared = projects.length > 0 ? await prepare(verifying) : null;
    if (prepared?.status === 'not-ready') found.trouble = prepared.outcome.excerpt;
    else if (prepared) for (const project of projects) await surveyProject(verifying, { prepared, project, found });
  } catch (error) {
    if (signal.aborted || !(error instanceof DomainError)) throw error;
    found.trouble = error.message;
  } finally {
    await sandboxes.removeAll();
  }
  return { ...found, egress: sandboxes.egress() };
}

/** What is found, while it is being found. */
interface Found {
  readonly toolchains: TestSurvey['toolchains'];
  readonly suites: TestSuite[];
  readonly red: string[];
  readonly silent: string[];
  trouble: string | null;
  durationMs: number;
}

interface Surveying {
  readonly prepared: Ready;
  readonly project: {
    readonly toolchain: Toolchain;
    readonly files: readonly CheckFile[];
    readonly tests: ReadonlySet<string>;
  };
  readonly found: Found;
}

async function readAll(
  paths: readonly string[],
  read: (path: string) => Promise<string | null>,
): Promise<readonly CheckFile[]> {
  const files: CheckFile[] = [];
  for (const path of paths) {
    const content = await read(path);
    if (content !== null && content.length <= limits.checkFileBytes) files.push({ path, content });
  }
  return files;
}

async function surveyProject(verifying: Verifying, { prepared, project, found }: Surveying): Promise<void> {
  const { toolchain, files, tests } = project;
  const began = performance.now();
  const first = await runOnce(verifying, { prepared, project, part: `s-${toolchain.id}-1` });
  found.durationMs = Math.max(found.durationMs, Math.round(performance.now() - began));
  if (typeof first === 'string') {
    found.trouble = first;
    return;
  }
  const second = await runOnce(verifying, { prepared, project, part: `s-${toolchain.id}-2` });
  const passedTwice = (id: string): boolean =>
    first.get(id) === 'passed' && typeof second !== 'string' && second.get(id) === 'passed';
  const support = files.filter(({ path }) => !tests.has(path));
  for (const file of files.filter(({ path }) => tests.has(path))) {
    const ids = [...first.keys()].filter((id) => id.startsWith(`${file.path}::`));
    const green = ids.filter(passedTwice);
    found.red.push(...ids.filter((id) => !passedTwice(id)));
    if (ids.length === 0) found.silent.push(file.path);
    if (green.length > 0) found.suites.push({ toolchain: toolchain.id, files: [...support, file], tests: green });
  }
}

/** Outcome by test id; a sentence when the runner itself could not run. */
async function runOnce(
  verifying: Verifying,
  { prepared, project, part }: Pick<Surveying, 'prepared' | 'project'> & { readonly part: string },
): Promise<ReadonlyMap<string, string> | string> {
  const { toolchain, files, tests } = project;
  const nonce = randomBytes(32).toString('hex');
  // Runners report whatever the file has; a name is needed only because they take files by the ids asked for.
  const run = toolchain.testRun({ files, tests: [...tests].map((path) => `${path}::${noTest}`), nonce, timeoutMs });
  const [sandbox, runner] = [sandboxId(verifying.request, part), await runnerFor(verifying, run)];
  const mounts = [{ workspace: runner, path: '.', at: runnerFolder }];
  const workspace = await openCheckSandbox(verifying, { id: sandbox, prepared, files, mounts });
  const answer = await workspace.exec(
    { ...inProject(run.command, installedBins(prepared)), stdin: run.stdin, outputBytes },
    verifying.signal,
  );
  await verifying.sandboxes.remove(sandbox);
  const trouble = run.trouble(answer) ?? run.deception?.(answer) ?? null;
  if (trouble !== null) return trouble;
  if (answer.timedOut) return `The project's own tests did not end within ${timeoutMs / 60_000} minutes.`;
  const reports = readReports(answer.stdout, nonce).filter(
    ({ id }) => !id.endsWith(`::${noTest}`) && !id.endsWith(' > *'),
  );
  // Some runners make a control for each test by themselves, others only for names they are given.
  const controlled = new Map(withoutControls(reports, nonce).reports.map(({ id, outcome }) => [id, outcome]));
  const alone = Map.groupBy(reports, ({ id }) => id);
  return new Map(
    [...alone].map(([id, all]) => [
      id,
      controlled.get(id) ?? (all.length === 1 ? all[0]?.outcome : 'failed') ?? 'failed',
    ]),
  );
}
