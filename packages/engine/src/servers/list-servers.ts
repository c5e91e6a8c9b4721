import { guidanceInForce, readToolServers, type Fact, type RunState, type ToolServer } from '@devfactory/contracts';
import { DomainError, type BlobStore, type Workspace } from '@devfactory/kit';
import type { LiveServers } from './live-servers.ts';

/** A server that may be started, by the hash of what names it. */
export interface ServerInForce extends ToolServer {
  readonly hash: string;
}

const mostServers = 8;

/** Servers that people declared, or trust in the files; of one name the first. */
export async function serversInForce(
  blobs: BlobStore,
  { guidance }: Pick<RunState, 'guidance'>,
): Promise<ServerInForce[]> {
  const found = await Promise.all(
    guidanceInForce(guidance)
      .filter(({ item }) => item.kind === 'servers')
      .map(async ({ item }) => {
        const read = readToolServers(new TextDecoder().decode(await blobs.get(item.body ?? item.hash)));
        return 'servers' in read ? read.servers.map((server) => ({ ...server, hash: item.hash })) : [];
      }),
  );
  const all = found.flat();
  return all.filter(({ name }, at) => all.findIndex((other) => other.name === name) === at).slice(0, mostServers);
}

/**
 * Asks servers that this run does not know yet for their tools. The answer is kept for as long as what names the server is the same:
 * a server that says something else later changes nothing. One that failed is asked again in the next turn.
 */
export async function serverFacts(
  given: {
    readonly state: RunState;
    readonly blobs: BlobStore;
    readonly live: LiveServers;
    readonly workspace: () => Promise<Workspace>;
    readonly turn: number;
  },
  signal: AbortSignal,
): Promise<Fact[]> {
  const { state, blobs, live, turn } = given;
  const facts: Fact[] = [];
  for (const server of await serversInForce(blobs, state)) {
    const known = state.guidance.servers.find(({ name, hash }) => name === server.name && hash === server.hash);
    if (known && (known.trouble === '' || known.turn === turn)) continue;
    const data = { turn, name: server.name, hash: server.hash };
    try {
      const tools = await live.list(await given.workspace(), server, signal);
      const body = await blobs.put(new TextEncoder().encode(JSON.stringify(tools)));
      facts.push({ type: 'server.listed', data: { ...data, tools: tools.length, body, trouble: '' } });
    } catch (error) {
      if (signal.aborted || (error instanceof DomainError && ['lease_lost', 'disk_full'].includes(error.code)))
        throw error;
      const trouble = (error instanceof Error ? error.message : String(error)).slice(0, 500).toWellFormed();
      facts.push({ type: 'server.listed', data: { ...data, tools: 0, body: null, trouble: trouble || 'it failed' } });
    }
  }
  return facts;
}
