import { randomBytes } from 'node:crypto';
import type { Checkpoint, CheckFile } from '@devfactory/contracts';
import { anyTest, DomainError, foundTests, readReports, runnerFolder } from '@devfactory/kit';
import { openSourceTree } from '../checkpoints/index.ts';
import type { EgressSum } from '../egress-sums.ts';
import { detectProjects, projectsInUse } from '../projects/detect-projects.ts';
import { testRunIn } from '../projects/in-folder.ts';
import { Runners } from './checks/runners.ts';
import { installedBins } from './checks/test-check.ts';
import { tail } from './log.ts';
import { prepare } from './prepare/prepare.ts';
import { sourceView } from './prepare/source-view.ts';
import { defaultCheckLimits, type VerifyDeps } from './request.ts';
import { openCheckSandbox, type Ready } from './sandbox/check-sandbox.ts';
import { removeAbandoned, sandboxId, Sandboxes } from './sandbox/sandboxes.ts';
import { inProject, type Verifying } from './sandbox/verifying.ts';
import { Scopes } from './scope/scopes.ts';
import { testedProjects, type TestedProject } from './tested-projects.ts';

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
  /** Test files of which nothing could be run, and the last that their runners said. */
  readonly silent: readonly string[];
  readonly said: string;
  /** Files with tests that are too large, or too many. */
  readonly unread: readonly string[];
  /** What lies beside tests and was more than a check takes with it. */
  readonly unlocked: readonly string[];
  /** Why no test could be run at all; null when they were, or when there are none. */
  readonly trouble: string | null;
  /** True when that is the surroundings' fault and not the project's: then nobody knows what its tests would have said. */
  readonly hindered: boolean;
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
/** Characters of what a runner said that a person is shown. */
const excerpt = 800;
/** Beside each file of tests; the check takes one file more. */
const mostSupport = 49;
const mostSupportBytes = 1024 * 1024;

/**
 * Finds the tests that a source tree brings along and runs them twice, as checks would be run. What the tree's code does never makes it
 * throw; rejects with DomainError when `signal` aborts. However it ends, its sandboxes are removed.
 */
export async function surveyTests(deps: VerifyDeps, request: SurveyRequest, signal: AbortSignal): Promise<TestSurvey> {
  const { runId, surveyId, checkpoint } = request;
  const sandboxes = new Sandboxes(deps.driver, defaultCheckLimits);
  const tree = await openSourceTree(deps.blobs, checkpoint);
  const asked = { runId, verificationId: surveyId, checkpoint, onBase: true, checks: [] };
  const scopes = new Scopes(deps, tree, []);
  const verifying: Verifying = {
    deps,
    request: asked,
    sandboxes,
    tree,
    signal,
    runners: new Runners(sandboxes, asked),
    scopes,
  };
  const view = sourceView(tree);
  const recognised = await detectProjects(deps.toolchains, view);
  const toolchains = recognised.map(({ toolchain, project }) => ({ id: toolchain.id, title: project.title }));
  const inUse = await projectsInUse(recognised, { source: view, tests: [] });
  const projects = await testedProjects(recognised, view);
  // First those of the root as one; each other by itself, so that none keeps the tests of the rest from being run.
  const others = projects.filter(({ item }) => !inUse.includes(item));
  const rounds = [projects.filter(({ item }) => inUse.includes(item)), ...others.map((project) => [project])];
  const found: Found = {
    toolchains,
    suites: [],
    red: [],
    silent: [],
    said: '',
    unread: [],
    unlocked: [],
    trouble: null,
    hindered: false,
    durationMs: 0,
  };
  try {
    found.unread.push(...projects.flatMap(({ unread }) => unread));
    if (projects.length > 0) await removeAbandoned(deps.driver, runId);
    for (const round of rounds.filter(({ length }) => length > 0)) {
      const isReady = await surveyRound(verifying, { round, found });
      // What the root is comes with each of the others.
      if (!isReady && round === rounds[0]) break;
    }
  } catch (error) {
    if (signal.aborted || !(error instanceof DomainError)) throw error;
    addTrouble(found, { folder: '', why: error.message, hindered: true });
  } finally {
    await sandboxes.removeAll();
  }
  return { ...found, egress: sandboxes.egress() };
}

/** Projects that are installed and built together, and their tests run. False when they could not be installed or built. */
async function surveyRound(
  verifying: Verifying,
  { round, found }: { readonly round: readonly TestedProject[]; readonly found: Found },
): Promise<boolean> {
  const asked = round.map(({ item, tests }) => ({
    toolchain: item.toolchain.id,
    tests: tests.slice(0, 1).map(({ path }) => path),
  }));
  const prepared = await prepare(verifying, asked);
  if (prepared.status === 'ready') {
    for (const project of round) await surveyProject(verifying, { prepared, project, found });
    return true;
  }
  const { excerpt: why, verdict } = prepared.outcome;
  addTrouble(found, { folder: round[0]?.item.folder ?? '', why, hindered: verdict === 'inconclusive' });
  return false;
}

function addTrouble(
  found: Found,
  { folder, why, hindered }: { readonly folder: string; readonly why: string; readonly hindered: boolean },
): void {
  const sentence = folder === '' ? why : `In ${folder}/: ${why}`;
  found.trouble = found.trouble === null ? sentence : `${found.trouble}\n${sentence}`;
  found.hindered ||= hindered;
}

/** What is found, while it is being found. */
interface Found {
  readonly toolchains: TestSurvey['toolchains'];
  readonly suites: TestSuite[];
  readonly red: string[];
  readonly silent: string[];
  said: string;
  readonly unread: string[];
  readonly unlocked: string[];
  trouble: string | null;
  hindered: boolean;
  durationMs: number;
}

interface Surveying {
  readonly prepared: Ready;
  readonly project: TestedProject;
  readonly found: Found;
}

async function surveyProject(verifying: Verifying, { prepared, project, found }: Surveying): Promise<void> {
  const { item, tests } = project;
  const began = performance.now();
  const first = await runOnce(verifying, { prepared, project, part: `${project.part}-1` });
  found.durationMs = Math.max(found.durationMs, Math.round(performance.now() - began));
  const { folder } = item;
  if (typeof first === 'string') {
    addTrouble(found, { folder, why: first, hindered: false });
    return;
  }
  // What keeps the runner from answering the second time says nothing about tests that just passed.
  const again = (): ReturnType<typeof runOnce> => runOnce(verifying, { prepared, project, part: `${project.part}-2` });
  const once = await again();
  const second = typeof once === 'string' ? await again() : once;
  if (typeof second === 'string') {
    addTrouble(found, { folder, why: second, hindered: true });
    return;
  }
  const passedTwice = (id: string): boolean => first.tests.get(id) === 'passed' && second.tests.get(id) === 'passed';
  const unlocked = new Set<string>();
  for (const file of tests) {
    const ids = [...first.tests.keys()].filter((id) => id.startsWith(`${file.path}::`));
    const green = ids.filter(passedTwice);
    found.red.push(...ids.filter((id) => !passedTwice(id)));
    if (ids.length === 0) {
      found.silent.push(file.path);
      found.said = first.said;
    }
    if (green.length === 0) continue;
    const used = usedBy(file, project);
    const locked = lockedWith(file.path, used);
    for (const { path } of used) if (!locked.some((each) => each.path === path)) unlocked.add(path);
    found.suites.push({ toolchain: item.toolchain.id, files: [...locked, file], tests: green });
  }
  found.unlocked.push(...unlocked);
}

/** The support that a test may use, itself or over others. */
function usedBy(test: CheckFile, { used }: TestedProject): readonly CheckFile[] {
  const all = new Set([test]);
  for (const file of all) for (const other of used.get(file) ?? []) all.add(other);
  all.delete(test);
  return [...all];
}

/** What decides beside a test what it asks: first what lies above it, then what lies nearest, as far as a check takes files. */
function lockedWith(test: string, support: readonly CheckFile[]): readonly CheckFile[] {
  const distance = (path: string): number => {
    const folders = path.split('/').slice(0, -1);
    const shared = folders.findIndex((name, index) => test.split('/')[index] !== name);
    return shared === -1 ? 0 : folders.length - shared;
  };
  let bytes = 0;
  return support
    .toSorted((one, two) => distance(one.path) - distance(two.path))
    .filter(({ content }) => (bytes += Buffer.byteLength(content)) <= mostSupportBytes)
    .slice(0, mostSupport);
}

/** Outcome by test id, and the last that the runner said; a sentence when the runner itself could not run. */
async function runOnce(
  verifying: Verifying,
  { prepared, project, part }: Pick<Surveying, 'prepared' | 'project'> & { readonly part: string },
): Promise<{ readonly tests: ReadonlyMap<string, string>; readonly said: string } | string> {
  const { tests, support, item } = project;
  const { toolchain, folder } = item;
  const files = [...support.filter((file) => !tests.includes(file)), ...tests];
  const nonce = randomBytes(32).toString('hex');
  const asked = tests.map(({ path }) => `${path}::${anyTest}`);
  const run = testRunIn(toolchain, folder, { files, tests: asked, nonce, timeoutMs });
  const sandbox = sandboxId(verifying.request, part);
  const mounts = [{ ...(await verifying.runners.of(run.runnerFiles)), at: runnerFolder }];
  const workspace = await openCheckSandbox(verifying, { id: sandbox, prepared, files, mounts });
  const answer = await workspace.exec(
    { ...inProject(run.command, installedBins(prepared)), stdin: run.stdin, outputBytes },
    verifying.signal,
  );
  await verifying.sandboxes.remove(sandbox);
  const trouble = run.trouble(answer) ?? run.deception?.(answer) ?? null;
  if (trouble !== null) return trouble;
  if (answer.timedOut) return `The project's own tests did not end within ${timeoutMs / 60_000} minutes.`;
  const told = [...foundTests(readReports(answer.stdout, nonce), nonce)];
  const outcomes = new Map(told.map(([id, outcome]) => [folder === '' ? id : `${folder}/${id}`, outcome]));
  return {
    tests: outcomes,
    said: tail({ ...answer, stdout: answer.stdout.replaceAll(/^@@devfactory .*\n+/gm, '') }, excerpt),
  };
}
