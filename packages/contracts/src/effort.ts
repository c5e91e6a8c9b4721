import type { Usage } from './run.ts';
import type { RunState } from './state.ts';

/** What it took to meet a requirement. */
export interface Effort {
  /** Its share of what models were asked: an even part of each turn that it was open in. Planning belongs to no requirement. */
  readonly usage: Usage;
  /** The same share of the time of those steps, in milliseconds. */
  readonly stepMs: number;
  /** Time that its checks were executed, in milliseconds, every execution counted; what was carried over took none. */
  readonly checkMs: number;
}

/** What each requirement of a run took so far, by its id. Shares are rounded for each, so their sum may differ from the run's by a few tokens. */
export function effortByRequirement(state: RunState): ReadonlyMap<string, Effort> {
  return new Map(state.requirements.map(({ id }) => [id, effortOf(state, id)]));
}

function effortOf(state: RunState, id: string): Effort {
  const shares = new Map(
    state.turns.filter(({ open }) => open.includes(id)).map(({ turn, open }) => [turn, 1 / open.length]),
  );
  const sum = (of: (step: RunState['steps'][number]) => number): number =>
    state.steps.reduce((total, step) => total + of(step) * (shares.get(step.turn) ?? 0), 0);
  return {
    usage: {
      inputTokens: Math.round(sum(({ usage }) => usage.inputTokens)),
      cachedTokens: Math.round(sum(({ usage }) => usage.cachedTokens)),
      outputTokens: Math.round(sum(({ usage }) => usage.outputTokens)),
      reasoningTokens: Math.round(sum(({ usage }) => usage.reasoningTokens ?? 0)),
      costUsd: sum(({ usage }) => usage.costUsd),
    },
    stepMs: Math.round(sum(({ durationMs }) => durationMs ?? 0)),
    checkMs: Math.round(
      state.evidence
        .filter(({ requirementId, carriedFrom }) => requirementId === id && carriedFrom === undefined)
        .reduce((total, { durationMs }) => total + durationMs, 0),
    ),
  };
}
