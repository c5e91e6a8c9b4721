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
  const skills = inForce.filter(({ item }) => item.kind === 'skill').map(({ item }) => item);
  // The first of a name is the one that the tool reads: a person's goes before the project's.
  const named = skills.filter(({ name }, at) => skills.findIndex((other) => other.name === name) === at);
  return { instructions, skills: named.map(({ name, about, hash }) => ({ name, about, hash })) };
}
