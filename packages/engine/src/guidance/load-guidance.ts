import { guidanceInForce, type RunState } from '@devfactory/contracts';
import type { BlobStore, Guidance } from '@devfactory/kit';

/** What the agent is to follow now, with its words. */
export async function loadGuidance(blobs: BlobStore, { guidance }: Pick<RunState, 'guidance'>): Promise<Guidance> {
  const inForce = guidanceInForce(guidance);
  const instructions = await Promise.all(
    inForce
      .filter(({ item }) => item.kind === 'instructions')
      .map(async ({ from, item }) => ({
        from,
        path: item.path,
        hash: item.hash,
        text: new TextDecoder().decode(await blobs.get(item.body ?? item.hash)),
      })),
  );
  return { instructions, skills: [] };
}
