import { DomainError, type Lease } from '@devfactory/kit';
import type { EngineDeps } from '../deps.ts';
import { cutHead } from '../text/cut-text.ts';
import { removeVerifierFolders } from '../verify/index.ts';
import type { Action } from './action.ts';
import { approveResult, lockPlan } from './approve.ts';
import { checkDelivery } from './check-delivery.ts';
import { decide } from './decide.ts';
import { deliver } from './deliver.ts';
import { holdOut } from './hold-out.ts';
import { keepEdits } from './keep-edits.ts';
import { mutateTree } from './mutate-tree.ts';
import { prepare } from './prepare.ts';
import { restore } from './restore.ts';
import { factory, RunSession } from './session.ts';
import { survey } from './survey.ts';
import { takeBase } from './take-base.ts';
import { runTurn } from './turn.ts';
import { endAbandoned, verifyTree } from './verify-tree.ts';

/** How often in a row the same may be decided about a run that does not change. */
const mostRepeats = 3;

/** How often a sandbox may end before that is the run's end too. */
const mostEndings = 2;

/**
 * Continues a run from its events until it waits for a person, is paused, or ends. May be called again at any time, by any worker that
 * holds the lease. A fault the domain knows becomes `run.failed`, from which `run.resumed` goes on; a lost lease is thrown.
 */
export async function advanceRun(deps: EngineDeps, lease: Lease): Promise<'waiting' | 'ended'> {
  // Somebody in a terminal may end the sandbox at any time. What was under way is then as if the worker had died: the log says how to go on.
  for (let endings = 0; ; endings += 1) {
    const outcome = await asOneWorker(deps, { lease, mayEnd: endings < mostEndings });
    if (outcome !== 'sandbox-ended') return outcome;
  }
}

async function asOneWorker(
  deps: EngineDeps,
  { lease, mayEnd }: { readonly lease: Lease; readonly mayEnd: boolean },
): Promise<'waiting' | 'ended' | 'sandbox-ended'> {
  const session = await RunSession.open(deps, lease);
  try {
    await advance(session, lease);
  } catch (error) {
    if (lease.signal.aborted || (error instanceof DomainError && error.code === 'lease_lost')) throw error;
    if (mayEnd && error instanceof DomainError && error.code === 'workspace_gone') return 'sandbox-ended';
    const code = error instanceof DomainError ? error.code : 'internal_error';
    const reason = error instanceof Error ? error.message : String(error);
    await session.journal.append(factory, {
      type: 'run.failed',
      data: { code, reason: cutHead(reason, 2000) || code },
    });
    if (!(error instanceof DomainError)) throw error;
  } finally {
    await session.closeWorkspace();
  }
  if (!['cancelled', 'delivered', 'finished'].includes(session.state.stage.name)) return 'waiting';
  // Installed dependencies are kept from one verification to the next; a run that ended needs them no more.
  await removeVerifierFolders(deps.driver, session.state.id);
  return 'ended';
}

async function advance(session: RunSession, lease: Lease): Promise<void> {
  const repeats = { of: '', times: 0 };
  for (;;) {
    lease.signal.throwIfAborted();
    const state = await session.journal.sync();
    if (state.stage.name !== 'cancelled') await endAbandoned(session);
    const action = decide(session.state, session.limits);
    if (action.do === 'rest') return;
    const what = JSON.stringify([action, state.turns.length, state.plan.proposed, state.head]);
    repeats.times = what === repeats.of ? repeats.times + 1 : 0;
    repeats.of = what;
    // A fault of ours or of a plugin must end in front of a person, not in a loop.
    if (repeats.times > mostRepeats) {
      throw new DomainError('no_progress', 'unavailable', {
        message: `The run does not get on: '${action.do}' was decided ${repeats.times} times and changed nothing. Look at the log, then resume or cancel it.`,
      });
    }
    await perform(session, action);
  }
}

async function perform(session: RunSession, action: Exclude<Action, { do: 'rest' }>): Promise<void> {
  switch (action.do) {
    case 'prepare':
      return prepare(session);
    case 'survey':
      return survey(session);
    case 'restore':
      return restore(session, action);
    case 'keep':
      return keepEdits(session);
    case 'turn':
      return runTurn(session, action);
    case 'lock':
      return lockPlan(session);
    case 'hold-out':
      return holdOut(session, action);
    case 'wait':
      await session.journal.append(factory, {
        type: 'wait.began',
        data: { for: action.for, sentence: action.sentence },
      });
      return;
    case 'verify':
      return verifyTree(session, action);
    case 'mutate':
      return mutateTree(session, action);
    case 'approve':
      return approveResult(session, action);
    case 'take-base':
      return takeBase(session, action.exportId);
    case 'deliver':
      return deliver(session, action.exportId);
    case 'check-delivery':
      return checkDelivery(session, action.exportId);
    case 'finish':
      await session.journal.append(factory, {
        type: 'run.finished',
        data: { outcome: action.outcome, sentence: action.sentence },
      });
  }
}
