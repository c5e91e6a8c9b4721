import { editSentence } from '@devfactory/contracts';
import { cutHead } from '../text/cut-text.ts';
import { checkpointNow } from './restore.ts';
import type { RunSession } from './session.ts';

/** However long somebody goes on typing. */
const longestWaitMs = 30_000;

/**
 * Makes a checkpoint of what people changed, once they pause for a moment: what is verified next is what they mean, and not each of the
 * states in between.
 */
export async function keepEdits(session: RunSession): Promise<void> {
  const { journal, limits } = session;
  const deadline = performance.now() + longestWaitMs;
  for (let seen = -1; seen !== lastEdit(session) && performance.now() < deadline;) {
    seen = lastEdit(session);
    const outcome = await journal.quiet(limits.editPauseMs);
    if (outcome === 'interrupted') return;
  }
  const unkept = session.state.edits.filter((edit) => !edit.kept);
  const [first] = unkept;
  if (!first) return;
  const more = unkept.length > 1 ? ` and ${unkept.length - 1} more` : '';
  await checkpointNow(session, {
    label: cutHead(`A person ${editSentence(first)}${more}`, 300),
    reason: 'person',
    step: null,
  });
}

function lastEdit({ state }: RunSession): number {
  return Math.max(0, ...state.edits.map((edit) => edit.seq));
}
