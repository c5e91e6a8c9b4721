import type { ProofSummary } from '@devfactory/kit';
import { findSecrets } from '../deliver/secret-scan.ts';
import type { Proof } from './proof.ts';

/** The proof in a few words. It may be shown to others than the proof itself, so a text with what looks like a secret is left out. */
export function summarize(proof: Proof): ProofSummary {
  return {
    prompt: withoutSecret(proof.run.prompt),
    requirements: proof.requirements.map(({ id, text, status, mark, checks }) => ({
      id,
      text: withoutSecret(text),
      // A person's word is shown as exactly that, beside no proof.
      status: status !== 'proven' && mark !== null ? mark.kind : status,
      checks: checks.map(({ title, standing }) => ({ title: withoutSecret(title), standing })),
    })),
  };
}

function withoutSecret(text: string): string {
  return findSecrets('', text, 1).length === 0 ? text : '(left out: it holds what looks like a secret)';
}
