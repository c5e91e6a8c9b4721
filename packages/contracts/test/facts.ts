import { foldRun, type Actor, type EventOf, type EventType, type Evidence, type RunState } from '../src/index.ts';

export type Fact = { [T in EventType]: EventOf<T> }[EventType];
export type Said = Fact & { readonly by?: 'person' };

export const base = 'a'.repeat(64);
export const tree = 'b'.repeat(64);
export const digest = 'c'.repeat(64);
export const by = (fact: Fact): Said => ({ ...fact, by: 'person' });
const begun: Fact = {
  type: 'run.created',
  data: {
    name: 'x',
    body: digest,
    promptHead: 'x',
    request: {
      agent: 'scripted',
      source: { kind: 'empty' },
      autonomy: 'auto',
      deliverUnproven: false,
      destinations: [],
    },
  },
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
export const checked = (id: string, requirementId: string): Fact => ({
  type: 'check.proposed',
  data: {
    check: { id, version: 1, requirementId, title: 't', intent: 'change', timeoutMs: 1000, kind: 'http', spec: digest },
  },
});
export const seen = (change: Partial<Evidence>): Fact => ({
  type: 'evidence.recorded',
  data: {
    evidence: {
      id: 'e',
      verificationId: 'v',
      checkId: 'C-1',
      checkVersion: 1,
      checkDigest: digest,
      requirementId: 'R-1',
      requirementVersion: 1,
      checkpointId: 'ck-1',
      tree,
      onBase: false,
      verdict: 'passed',
      cause: null,
      vantage: 'outside',
      command: '',
      exitCode: 0,
      durationMs: 1,
      executions: 2,
      excerpt: '',
      output: null,
      ...change,
    },
  },
});
export const turn = (number: number, purpose: 'plan' | 'work' | 'repair'): Fact => ({
  type: 'turn.started',
  data: { turn: number, purpose, why: '' },
});
export const step = (number: number, ofTurn: number): Fact => ({
  type: 'step.started',
  data: { step: number, turn: ofTurn },
});
export const proposed = (version: number): Fact => ({ type: 'plan.proposed', data: { version, summary: '' } });
export const approved: Fact = {
  type: 'plan.approved',
  data: { version: 1, lock: digest, checks: [{ id: 'C-1', version: 1, digest }] },
};
export const result: Fact = { type: 'result.approved', data: { checkpointId: 'ck-1', tree, notProven: [] } };
export const wanted: Fact = { type: 'export.requested', data: { exportId: 'ex-1', destination: { kind: 'zip' } } };
export const planned: Fact[] = [
  wish('R-1'),
  made('ck-0', base, 'base'),
  turn(1, 'plan'),
  step(1, 1),
  checked('C-1', 'R-1'),
  proposed(1),
];
export const worked: Fact[] = [
  ...planned,
  approved,
  seen({ tree: base, onBase: true, verdict: 'failed', cause: 'assertion' }),
  turn(2, 'work'),
  made('ck-1', tree, 'step'),
  seen({}),
];

export function fold(facts: readonly Said[]): RunState {
  const events = [begun as Said, ...facts].map(({ by: who, ...fact }, index) => {
    const actor: Actor = who === 'person' ? { kind: 'person', name: 'Ada' } : { kind: 'factory' };
    return {
      ...fact,
      actor,
      runId: 'run_aaaaaaaaaaaaaaaa',
      seq: index + 1,
      at: '2026-01-01T00:00:00.000Z',
    };
  });
  const state = foldRun(events);
  if (!state) throw new Error('no state');
  return state;
}
