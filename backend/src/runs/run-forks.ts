import { CreateRun, type Actor, type ForkRun, type HeldOutCheck, type RunState } from '@devfactory/contracts';
import type { EventStore } from '../store/event-store.ts';
import type { RunBodies } from './run-bodies.ts';
import type { RunCreation } from './run-creation.ts';

export interface RunForksParts {
  readonly events: EventStore;
  readonly bodies: RunBodies;
  readonly creation: RunCreation;
}

/** Begins runs with a checkpoint of another one. What is not said anew is as in that run. */
export class RunForks {
  readonly #parts: RunForksParts;

  constructor(parts: RunForksParts) {
    this.#parts = parts;
  }

  /** Throws as RunCreation.create does, and unknown_checkpoint. */
  async fork(runId: string, wish: ForkRun, actor: Actor): Promise<{ id: string; seq: number }> {
    const { events, bodies, creation } = this.#parts;
    const state = await events.state(runId);
    const request = forkRequest(state, await bodies.request(runId), wish);
    return creation.create(request, actor, { heldOut: heldOutFor(request, state, wish.checkpointId) });
  }
}

function forkRequest(state: RunState, old: CreateRun, { checkpointId, ...wish }: ForkRun): CreateRun {
  const { model, agentOptions, budgetUsd, ...same } = old;
  // Another agent takes another model and other options.
  const ofAgent = wish.agent === undefined || wish.agent === old.agent ? { model, agentOptions } : {};
  // What the other run's source brought along is looked for anew.
  const carried = state.requirements
    .filter(({ origin }) => origin !== 'source')
    .map(({ text, priority }) => ({ text, priority }));
  const said = Object.fromEntries(
    Object.entries({ budgetUsd, ...ofAgent, requirements: carried, ...wish }).filter(
      ([, value]) => value !== undefined,
    ),
  );
  return CreateRun.parse({ ...same, ...said, source: { kind: 'checkpoint', runId: state.id, checkpointId } });
}

/**
 * What is held out for a requirement goes with it, as long as it is worded the same. What was seen to hold on the checkpoint already has
 * to hold from the beginning.
 */
function heldOutFor({ requirements }: CreateRun, state: RunState, checkpointId: string): HeldOutCheck[] {
  const tree = state.checkpoints.find(({ id }) => id === checkpointId)?.tree;
  const held = state.heldOut.flatMap(({ check, model }): HeldOutCheck[] => {
    const text = state.requirements.find(({ id }) => id === check.requirementId)?.text;
    const place = requirements.findIndex((wish) => wish.text === text);
    const said = state.evidence.findLast(
      (item) => item.checkId === check.id && item.checkDigest === check.spec && item.tree === tree,
    );
    const intent = said?.verdict === 'passed' ? 'keep' : said?.verdict === 'failed' ? 'change' : check.intent;
    return place === -1 ? [] : [{ check: { ...check, requirementId: `R-${place + 1}`, intent }, model }];
  });
  return held.map(({ check, model }, index) => ({ check: { ...check, id: `H-${index + 1}` }, model }));
}
