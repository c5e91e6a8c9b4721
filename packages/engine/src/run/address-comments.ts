import { findQuote, type Fact } from '@devfactory/contracts';
import { decodeText, loadManifest, readObject } from '../checkpoints/index.ts';
import type { RunSession } from './session.ts';

const comparableBytes = 2_000_000;

/**
 * Comments that the turn took in and whose code is another one by now: the person need not look for them, only at them. What the agent
 * says about them counts for nothing here.
 */
export async function addressedComments(session: RunSession, turn: number): Promise<Fact[]> {
  const { state, deps } = session;
  const steps = new Set(state.steps.filter((step) => step.turn === turn).flatMap((step) => step.feedback));
  const open = state.comments.filter((item) => item.addressed === null && steps.has(item.feedbackId ?? ''));
  const { head } = state;
  if (open.length === 0 || head === null) return [];
  const manifest = await loadManifest(deps.blobs, session.checkpoint(head));
  const facts: Fact[] = [];
  for (const comment of open) {
    const entry = manifest.entries.find((item) => item.path === comment.path && item.type === 'file');
    if (entry?.type === 'file' && entry.size > comparableBytes) continue;
    const text = entry?.type === 'file' ? decodeText(await readObject(deps.blobs, manifest, entry)) : '';
    const stands = text === null || findQuote(text, comment) !== null;
    // Of code that was taken away, that it is back would be what changed.
    if (comment.side === 'new' ? !stands : stands && text !== null)
      facts.push({ type: 'comment.addressed', data: { commentId: comment.id, checkpointId: head } });
  }
  return facts;
}
