import {
  foldRun,
  type Actor,
  type Check,
  type CreateRun,
  type EventOf,
  type Evidence,
  type Fact,
  type NewEvent,
  type RunState,
} from '@devfactory/contracts';

/** Short words for the facts of a small run: one requirement, one check, a base and a worked tree. */
export const runId = 'run_aaaaaaaaaaaaaaaa';
const baseHash = 'a'.repeat(64);
export const headHash = 'b'.repeat(64);
export const digest = 'c'.repeat(64);
const person: Actor = { kind: 'person', name: 'Ada' };
const factory: Actor = { kind: 'factory' };

const check: Check = {
  id: 'C-1',
  version: 1,
  requirementId: 'R-1',
  title: 't',
  intent: 'change',
  timeoutMs: 1000,
  kind: 'http',
  spec: digest,
};
export const wish = (id: string, text = id): Fact => ({
  type: 'requirement.added',
  data: { requirement: { id, version: 1, text, priority: 'must', origin: 'person' } },
});
export const made = (id: string, hash: string, reason: 'base' | 'step'): Fact => ({
  type: 'checkpoint.made',
  data: {
    checkpoint: {
      id,
      label: id,
      reason,
      step: null,
      manifest: digest,
      tree: hash,
      packs: [],
      files: 0,
      bytes: 0,
      leftOut: [],
      torn: false,
      changed: { added: 1, modified: 0, removed: 0 },
    },
  },
});
export const seen = (verdict: Evidence['verdict'], on: 'base' | 'head', verificationId = 'v'): Fact => ({
  type: 'evidence.recorded',
  data: {
    evidence: {
      id: 'e',
      verificationId,
      checkId: 'C-1',
      checkVersion: 1,
      checkDigest: digest,
      requirementId: 'R-1',
      requirementVersion: 1,
      checkpointId: 'ck-0',
      tree: on === 'base' ? baseHash : headHash,
      onBase: on === 'base',
      verdict,
      cause: verdict === 'passed' ? null : 'assertion',
      vantage: 'outside',
      command: '',
      exitCode: 0,
      durationMs: 1,
      executions: 1,
      excerpt: '',
      output: null,
    },
  },
});
export const turn = (number: number, purpose: 'plan' | 'work' | 'repair'): Fact[] => [
  { type: 'turn.started', data: { turn: number, purpose, why: '' } },
  { type: 'turn.ended', data: { turn: number, outcome: 'finished', summary: '' } },
];
export const proposed = (version: number): Fact => ({ type: 'plan.proposed', data: { version, summary: '' } });
export const checkProposed = (version: number, spec = digest): Fact => ({
  type: 'check.proposed',
  data: { check: { ...check, version, spec } },
});
export const locked = (version: number, checkVersion = 1, spec = digest): Fact => ({
  type: 'plan.approved',
  data: { version, lock: digest, checks: [{ id: 'C-1', version: checkVersion, digest: spec }] },
});
type Wait = EventOf<'wait.began'>['data'] & { readonly do: 'wait' };
/** The fact that a decision to wait becomes. */
export const began = (action: Wait | { readonly do: string }): Fact => {
  if (!('for' in action)) throw new Error(`nothing is waited for, but ${action.do}`);
  return { type: 'wait.began', data: { for: action.for, sentence: action.sentence } };
};
export const planned: Fact[] = [
  wish('R-1'),
  made('ck-0', baseHash, 'base'),
  ...turn(1, 'plan'),
  checkProposed(1),
  proposed(1),
];
export const approved: Fact[] = [...planned, locked(1)];
export const worked: Fact[] = [...approved, seen('failed', 'base'), ...turn(2, 'work'), made('ck-1', headHash, 'step')];

/** A fact as a person's word. */
export const said = (fact: Fact): NewEvent => ({ ...fact, actor: person });
export const feedback = said({ type: 'feedback.given', data: { feedbackId: 'f', mode: 'steer', text: 'more' } });

export function stateAfter(facts: readonly (Fact | NewEvent)[], request: Partial<CreateRun> = {}): RunState {
  const created: Fact = {
    type: 'run.created',
    data: {
      name: 'x',
      body: digest,
      promptHead: 'x',
      request: {
        agent: 'scripted',
        source: { kind: 'empty' },
        autonomy: 'approve-plan',
        deliverUnproven: false,
        destinations: [],
        ...request,
      },
    },
  };
  const events = [created, ...facts].map((fact, index) => {
    const event = { actor: factory, ...fact } as NewEvent;
    return { ...event, runId, seq: index + 1, at: '2026-01-01T00:00:00.000Z' };
  });
  const state = foldRun(events);
  if (!state) throw new Error('no state');
  return state;
}
