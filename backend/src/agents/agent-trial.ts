import { randomBytes } from 'node:crypto';
import type { AgentTrial } from '@devfactory/contracts';
import { installProgram, programMounts, type Installing } from '@devfactory/engine';
import { DomainError, type Agent } from '@devfactory/kit';

const trialMs = 4 * 60_000;

/** A sandbox as a run's, with nothing in it, and a model's door behind which nobody is. */
export async function tryInSandbox(agent: Agent, installing: Installing): Promise<AgentTrial> {
  const { driver, limits, egress } = installing;
  const signal = AbortSignal.any([installing.signal, AbortSignal.timeout(trialMs)]);
  const id = `trial-${randomBytes(8).toString('hex')}`;
  try {
    if (agent.program) await installProgram(agent.program, { ...installing, signal });
    const mounts = await programMounts(driver, agent.program);
    const models = (connection: { destroy(): void }): void => connection.destroy();
    const workspace = await driver.open({ id, limits, egress, mounts, models });
    try {
      const url = workspace.modelsUrl ?? 'http://127.0.0.1:9';
      const known = { url, token: 'trial', ref: 'trial', contextTokens: 128_000, outputTokens: 8_192 };
      const place = { workspace, models: { ...known, refused: () => null } };
      return (await agent.tryOut?.(place, signal)) ?? failed('It has no program of its own.');
    } finally {
      await workspace.close();
      await driver.remove(id);
    }
  } catch (error) {
    if (installing.signal.aborted) throw error;
    if (signal.aborted) return failed(`It did not begin within ${trialMs / 60_000} minutes.`);
    if (error instanceof DomainError) return failed(error.message);
    throw error;
  }
}

function failed(sentence: string): AgentTrial {
  return { ok: false, sentence, name: '', protocol: null, offers: [], modes: [], startMs: null };
}
