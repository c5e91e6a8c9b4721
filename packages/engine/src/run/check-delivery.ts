import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { counted, countedChecks, requirementViews, type Arrival, type ExportRecord } from '@devfactory/contracts';
import { DomainError, type SourceTree } from '@devfactory/kit';
import { openSourceTree } from '../checkpoints/index.ts';
import { keepArrived } from '../deliver/arrived-tree.ts';
import { egressFact } from '../egress-sums.ts';
import { cutHead } from '../text/cut-text.ts';
import { tryTree, type TreeTrial } from '../verify/index.ts';
import type { RunSession } from './session.ts';

const verifier = { kind: 'verifier' } as const;
type Told = Omit<Arrival, 'durationMs'>;

/**
 * Reads a delivery back from where it arrived, builds and tests that in clean sandboxes, and records what came of it. A worker that
 * dies meanwhile leaves it to the next; what keeps it from being told is an answer too, and no failed run.
 */
export async function checkDelivery(session: RunSession, exportId: string): Promise<void> {
  const { journal, deps, state } = session;
  const record = state.exports.find((item) => item.id === exportId);
  if (!record) throw new Error(`run ${state.id} has no export ${exportId}`);
  // Files go under a name of ours: an id of an export is a person's word in no path.
  const directory = join(deps.arrivals ?? join(tmpdir(), 'devfactory-arrivals'), `arrived-${state.id}`);
  const began = performance.now();
  const interrupts = journal.outdated();
  try {
    await rm(directory, { recursive: true, force: true });
    await mkdir(join(directory, 'work'), { recursive: true, mode: 0o700 });
    const told = await look(session, { record, directory, signal: interrupts.signal });
    const arrival = { ...told, durationMs: Math.round(performance.now() - began) };
    await journal.append(verifier, { type: 'export.checked', data: { exportId, arrival } });
  } catch (error) {
    // A person wants something else: it is looked at again when the run goes on, if it is still what is approved.
    if (!interrupts.signal.aborted) throw error;
  } finally {
    interrupts.end();
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  }
}

interface Looking {
  readonly record: ExportRecord;
  readonly directory: string;
  readonly signal: AbortSignal;
}

async function look(session: RunSession, looking: Looking): Promise<Told> {
  const { signal } = looking;
  try {
    const tree = await readBack(session, looking);
    if (tree.hash !== looking.record.tree)
      return untold('failed', 'What was read back is another tree than the approved one.', tree.hash);
    return await tried(session, { tree, signal });
  } catch (error) {
    if (signal.aborted || !(error instanceof DomainError) || error.code === 'lease_lost') throw error;
    const otherwise = error.code === 'arrived_otherwise';
    return untold(
      otherwise ? 'failed' : 'inconclusive',
      otherwise ? error.message : `It could not be read back: ${error.message}`,
    );
  }
}

async function readBack(session: RunSession, { record, directory, signal }: Looking): Promise<SourceTree> {
  const { deps, state } = session;
  const exporter = deps.exporters.get(record.destination.kind);
  if (!exporter?.arrived || record.location === null || record.tree === null || !state.approval)
    throw new DomainError('not_readable', 'unsupported', { message: 'This destination cannot be read back here.' });
  const approved = await openSourceTree(deps.blobs, session.checkpoint(state.approval.checkpointId));
  const { location, files, destination, tree } = record;
  const made = {
    runId: state.id,
    tree,
    destination,
    location,
    files,
    blobs: deps.blobs,
    directory: join(directory, 'work'),
  };
  return keepArrived(exporter.arrived(made, signal), { directory: join(directory, 'objects'), approved });
}

async function tried(
  session: RunSession,
  { tree, signal }: { readonly tree: SourceTree; readonly signal: AbortSignal },
): Promise<Told> {
  const { deps, state, journal } = session;
  const plan = countedChecks(state);
  const request = {
    runId: state.id,
    verificationId: `arrived-${tree.hash}`,
    checkpoint: session.checkpoint(state.approval?.checkpointId ?? ''),
    tree,
    onBase: false,
    plan,
    checks: plan.map((check) => ({ check, requirementVersion: 1 })),
  };
  await session.closeWorkspace();
  const trial = await tryTree(deps, request, signal);
  const fact = egressFact(trial.egress);
  if (fact) await journal.append(verifier, fact);
  const output = await deps.blobs.put(Buffer.from(trial.story.toWellFormed(), 'utf8'));
  return { ...judge(trial, passedBefore(session, tree.hash)), tree: tree.hash, output };
}

/** Checks that passed on the approved tree. */
function passedBefore({ state }: RunSession, tree: string): ReadonlySet<string> {
  const checks = requirementViews(state, tree).flatMap((view) => view.checks);
  return new Set(checks.filter(({ latest }) => latest?.verdict === 'passed').map(({ id }) => id));
}

function judge({ checks, notBuilt }: TreeTrial, before: ReadonlySet<string>): Omit<Told, 'tree' | 'output'> {
  const of = (verdict: Arrival['verdict']): number => checks.filter((check) => check.verdict === verdict).length;
  const [passed, failed, inconclusive] = [of('passed'), of('failed'), of('inconclusive')];
  const differs = checks.filter(({ id, verdict }) => verdict === 'failed' && before.has(id)).map(({ id }) => id);
  const counts = { passed, failed, inconclusive, differs: differs.slice(0, 50) };
  const built = notBuilt === null ? 'It was built' : 'It could not be built';
  const ofAll = checks.length === 0 ? 'there are no checks' : `${passed} of ${counted(checks.length, 'check')} passed`;
  if (differs.length > 0)
    return {
      ...counts,
      verdict: 'failed',
      sentence: `${built}; of what passed on the approved tree ${differs.slice(0, 5).join(', ')} failed.`,
    };
  if (inconclusive > 0 || (checks.length === 0 && notBuilt !== null)) {
    const why = notBuilt?.excerpt ?? checks.find(({ verdict }) => verdict === 'inconclusive')?.excerpt ?? '';
    return { ...counts, verdict: 'inconclusive', sentence: cutHead(`${built}; ${ofAll}. ${why}`, 2000) };
  }
  return { ...counts, verdict: 'passed', sentence: `${built}; ${ofAll}, as on the approved tree.` };
}

function untold(verdict: Arrival['verdict'], sentence: string, tree: string | null = null): Told {
  const none = { passed: 0, failed: 0, inconclusive: 0, differs: [], output: null };
  return { ...none, verdict, tree, sentence: cutHead(sentence, 2000) };
}
