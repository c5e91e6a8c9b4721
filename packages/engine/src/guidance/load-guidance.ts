import { guidanceInForce, type RunState } from '@devfactory/contracts';
import type { BlobStore, Guidance } from '@devfactory/kit';
import { z } from 'zod';
import { ServerTool, serversInForce } from '../servers/index.ts';

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
  const tools = await serverTools(blobs, { guidance });
  return { instructions, skills: named.map(({ name, about, hash }) => ({ name, about, hash })), ...tools };
}

/** Tools as servers listed them, and which servers could not be asked. */
async function serverTools(
  blobs: BlobStore,
  state: Pick<RunState, 'guidance'>,
): Promise<Pick<Guidance, 'servers' | 'tools' | 'troubles'>> {
  const inForce = await serversInForce(blobs, state);
  const listed = state.guidance.servers.filter((known) =>
    inForce.some(({ name, hash }) => name === known.name && hash === known.hash),
  );
  const tools = await Promise.all(
    listed.map(async ({ name, body }) => {
      if (body === null) return [];
      const offered = z.array(ServerTool).parse(JSON.parse(new TextDecoder().decode(await blobs.get(body))));
      return offered.map((tool) => ({ server: name, ...tool }));
    }),
  );
  const troubles = listed.flatMap(({ name, trouble }) => (trouble === '' ? [] : [{ server: name, trouble }]));
  const servers = inForce.map(({ hash: _hash, ...server }) => server);
  return { servers, tools: tools.flat(), troubles };
}
