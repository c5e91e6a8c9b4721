import { randomUUID } from 'node:crypto';
import { countedChecks } from '@devfactory/contracts';
import { DomainError } from '@devfactory/kit';
import { egressFact } from '../egress-sums.ts';
import { carryOver, verify } from '../verify/index.ts';
import type { Action } from './action.ts';
import type { RunSession } from './session.ts';

const verifier = { kind: 'verifier' } as const;

/** Has the missing evidence produced on one tree by clean sandboxes, and records it piece by piece. */
export async function verifyTree(session: RunSession, action: Action & { do: 'verify' }): Promise<void> {
  const { journal, deps } = session;
  const checkpoint = session.checkpoint(action.checkpointId);
  const wordings = new Map(session.state.requirements.map((item) => [item.id, item.version]));
  const checks = countedChecks(session.state)
    .filter((check) => action.checkIds.includes(check.id))
    .map((check) => ({ check, requirementVersion: wordings.get(check.requirementId) ?? 1 }));
  const verificationId = randomUUID();
  await journal.append(verifier, {
    type: 'verification.started',
    data: {
      verificationId,
      checkpointId: checkpoint.id,
      tree: checkpoint.tree,
      onBase: action.onBase,
      checks: checks.length,
    },
  });
  const plan = countedChecks(session.state);
  const request = { runId: session.state.id, verificationId, checkpoint, onBase: action.onBase, checks, plan };
  const world = { driver: deps.driver, blobs: deps.blobs, toolchains: deps.toolchains };
  const missing = new Set(checks.map(({ check }) => check.id));
  for (const evidence of await carryOver(world, request, { known: session.state.evidence })) {
    await journal.append(verifier, { type: 'evidence.recorded', data: { evidence } });
    missing.delete(evidence.checkId);
  }
  if (missing.size === 0) return end(session, verificationId, 'complete');
  // The agent's sandbox is closed meanwhile: what it left running cannot disturb, and the machine is the verifier's.
  await session.closeWorkspace();
  const interrupts = journal.outdated();
  try {
    const stale = { ...request, checks: checks.filter(({ check }) => missing.has(check.id)) };
    const verification = verify(world, stale, interrupts.signal);
    for await (const evidence of verification) {
      await journal.append(verifier, { type: 'evidence.recorded', data: { evidence } });
      missing.delete(evidence.checkId);
    }
    const fact = egressFact(verification.egress());
    if (fact) await journal.append(verifier, fact);
    await end(session, verificationId, interrupts.signal.aborted ? 'interrupted' : 'complete');
    if (missing.size > 0 && !interrupts.signal.aborted) {
      throw new DomainError('verifier_incomplete', 'unavailable', {
        message: `The verifier gave no evidence for ${[...missing].join(', ')}. Resume the run to verify again.`,
      });
    }
  } catch (error) {
    if (!interrupts.signal.aborted) throw error;
    await end(session, verificationId, 'interrupted');
  } finally {
    interrupts.end();
  }
}

/** A verification whose worker died has no end yet. What it proved until then stays; the rest is asked again. */
export async function endAbandoned(session: RunSession): Promise<void> {
  const { evidence, verifications } = session.state;
  for (const item of verifications) {
    if (item.outcome !== 'running') continue;
    const given = evidence.filter((record) => record.verificationId === item.id).length;
    await end(session, item.id, given >= item.checks ? 'complete' : 'interrupted');
  }
}

async function end(session: RunSession, verificationId: string, outcome: 'complete' | 'interrupted'): Promise<void> {
  const note = outcome === 'complete' ? '' : 'Interrupted; what is missing is verified again when the run goes on.';
  await session.journal.append(verifier, { type: 'verification.ended', data: { verificationId, outcome, note } });
}
