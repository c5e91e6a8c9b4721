import { randomUUID } from 'node:crypto';
import { countedChecks, requirementViews, type Mutation, type RunState } from '@devfactory/contracts';
import { DomainError } from '@devfactory/kit';
import { mutate } from '../mutate/index.ts';
import type { Action } from './action.ts';
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
  const missing = new Set(action.checkIds);
  for (const mutation of carriedMutations(state, action)) {
    await journal.append(verifier, { type: 'mutation.recorded', data: { mutation } });
    missing.delete(mutation.checkId);
  }
  if (missing.size === 0) return;
  await session.closeWorkspace();
  const interrupts = journal.outdated();
  try {
    const asked = {
      runId: state.id,
      id: randomUUID(),
      base,
      checkpoint,
      checks: checks.filter(({ id }) => missing.has(id)),
      plan: countedChecks(state),
      inputs: inputsOf(state),
      budgetMs: session.limits.mutationMs,
    };
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

/** Check id -> what its evidence on the head hangs on, where that is less than the whole tree. */
function inputsOf(state: RunState): Record<string, string> {
  const checks = requirementViews(state).flatMap((view) => view.checks);
  return Object.fromEntries(checks.flatMap(({ id, latest }) => (latest?.inputs ? [[id, latest.inputs]] : [])));
}

/**
 * A check whose evidence was carried here sees what it saw there: the mutant that it noticed there lies in that. One that noticed none is
 * asked again, as more may have changed.
 */
function carriedMutations(state: RunState, { checkpointId, checkIds }: Action & { do: 'mutate' }): Mutation[] {
  const tree = state.checkpoints.find(({ id }) => id === checkpointId)?.tree ?? '';
  return requirementViews(state, tree)
    .flatMap((view) => view.checks)
    .filter(({ id, latest }) => checkIds.includes(id) && latest?.tree === tree && latest.inputs !== undefined)
    .flatMap(({ id, latest }) => {
      const same = state.evidence.filter((item) => item.checkId === id && item.inputs === latest?.inputs);
      const before = state.mutations.findLast(
        (item) =>
          item.checkId === id &&
          item.checkDigest === latest?.checkDigest &&
          item.checkVersion === latest.checkVersion &&
          item.killed > 0 &&
          item.agrees.length === 0 &&
          same.some((evidence) => evidence.tree === item.tree && !evidence.onBase),
      );
      return before
        ? [{ ...before, id: `${before.id.split('@')[0]}@${checkpointId}`, checkpointId, tree, durationMs: 0 }]
        : [];
    });
}
