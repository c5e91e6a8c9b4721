import { randomUUID } from 'node:crypto';
import { countedChecks } from '@devfactory/contracts';
import { DomainError } from '@devfactory/kit';
import { mutate } from '../mutate/index.ts';
import type { Action } from './decide.ts';
import type { RunSession } from './session.ts';

const verifier = { kind: 'verifier' } as const;

/** Has the checks of a review candidate judged by mutants, and records what came of each. What is cut off is asked again. */
export async function mutateTree(session: RunSession, action: Action & { do: 'mutate' }): Promise<void> {
  const { journal, deps, state } = session;
  const base = state.checkpoints.find(({ reason }) => reason === 'base');
  if (!base) throw new Error(`run ${state.id} has a review candidate and no base`);
  const checkpoint = session.checkpoint(action.checkpointId);
  const checks = countedChecks(state).filter(({ id }) => action.checkIds.includes(id));
  await journal.append(verifier, {
    type: 'mutation.started',
    data: { checkpointId: checkpoint.id, tree: checkpoint.tree, checks: checks.length },
  });
  await session.closeWorkspace();
  const interrupts = journal.outdated();
  try {
    const asked = { runId: state.id, id: randomUUID(), base, checkpoint, checks, budgetMs: session.limits.mutationMs };
    const missing = new Set(action.checkIds);
    for await (const mutation of mutate(deps, asked, interrupts.signal)) {
      await journal.append(verifier, { type: 'mutation.recorded', data: { mutation } });
      missing.delete(mutation.checkId);
    }
    if (missing.size === 0 || interrupts.signal.aborted) return;
    throw new DomainError('verifier_incomplete', 'unavailable', {
      message: `The verifier gave no mutants for ${[...missing].join(', ')}. Resume the run to ask again.`,
    });
  } catch (error) {
    if (!interrupts.signal.aborted) throw error;
  } finally {
    interrupts.end();
  }
}
