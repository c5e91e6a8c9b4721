import { counted, notProven, type Checkpoint, type RunState } from '@devfactory/contracts';
import type { Shape, Tone } from '../../words/tone.ts';

/** What the verifier found at a checkpoint. */
export interface CheckpointLook {
  readonly shape: Shape;
  readonly tone: Tone;
  readonly words: string;
}

export function checkpointLook(state: RunState, checkpoint: Checkpoint): CheckpointLook {
  if (checkpoint.reason === 'base') return { shape: 'ring', tone: 'none', words: 'the start' };
  const verification = state.verifications.findLast((item) => item.tree === checkpoint.tree && !item.onBase);
  if (!verification) return { shape: 'ring', tone: 'none', words: 'not verified' };
  if (verification.outcome === 'running') return { shape: 'turning', tone: 'run', words: 'being verified' };
  const evidence = state.evidence.filter((item) => item.tree === checkpoint.tree && !item.onBase);
  const latest = [...new Map(evidence.map((item) => [item.checkId, item])).values()];
  const failing = latest.filter((item) => item.verdict !== 'passed').length;
  if (failing > 0)
    return { shape: 'square', tone: 'bad', words: `${failing} of ${counted(latest.length, 'check')} not passed` };
  const open = notProven(state, checkpoint.tree).length;
  return open === 0
    ? { shape: 'disc', tone: 'ok', words: 'all proven' }
    : { shape: 'half', tone: 'warn', words: `${open} not proven` };
}
