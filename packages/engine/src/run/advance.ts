import { DomainError, type Lease } from '@devfactory/kit';
import type { EngineDeps } from '../deps.ts';
import { deliver } from './deliver.ts';
import { decide, type Action } from './decide.ts';
import { approveResult, lockPlan } from './approve.ts';
import { prepare } from './prepare.ts';
import { restore } from './restore.ts';
import { factory, RunSession } from './session.ts';
import { runTurn } from './turn.ts';
import { verifyTree } from './verify-tree.ts';

/**
 * Continues a run from its events until it waits for a person, is paused, or ends. May be called again at any time, by any worker that
 * holds the lease. A fault the domain knows becomes `run.failed`, from which `run.resumed` goes on; a lost lease is thrown.
 */
export async function advanceRun(deps: EngineDeps, lease: Lease): Promise<'waiting' | 'ended'> {
  const session = await RunSession.open(deps, lease);
  try {
    for (;;) {
      lease.signal.throwIfAborted();
      const action = decide(await session.journal.sync(), session.limits);
      if (action.do === 'rest') break;
      await perform(session, action);
    }
  } catch (error) {
    if (lease.signal.aborted || (error instanceof DomainError && error.code === 'lease_lost')) throw error;
    const code = error instanceof DomainError ? error.code : 'internal_error';
    const reason = error instanceof Error ? error.message : String(error);
    await session.journal.append(factory, { type: 'run.failed', data: { code, reason: reason.slice(0, 2000) || code } });
    if (!(error instanceof DomainError)) throw error;
  } finally {
    await session.closeWorkspace();
  }
  return ['cancelled', 'delivered', 'finished'].includes(session.state.stage.name) ? 'ended' : 'waiting';
}

async function perform(session: RunSession, action: Exclude<Action, { do: 'rest' }>): Promise<void> {
  switch (action.do) {
    case 'prepare':
      return prepare(session);
    case 'restore':
      return restore(session, action.checkpointId);
    case 'turn':
      return runTurn(session, action);
    case 'lock':
      return lockPlan(session);
    case 'wait':
      await session.journal.append(factory, { type: 'wait.began', data: { for: action.for, sentence: action.sentence.slice(0, 2000) } });
      return;
    case 'verify':
      return verifyTree(session, action);
    case 'approve':
      return approveResult(session, action);
    case 'deliver':
      return deliver(session, action.exportId);
    case 'finish':
      await session.journal.append(factory, { type: 'run.finished', data: { outcome: action.outcome, sentence: action.sentence } });
  }
}
