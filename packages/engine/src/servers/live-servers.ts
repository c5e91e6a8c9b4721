import type { ToolServer } from '@devfactory/contracts';
import type { Workspace } from '@devfactory/kit';
import { z } from 'zod';
import { Rpc } from './rpc.ts';
import { startServer, type StartedServer } from './start-server.ts';

const mostTools = 40;
const mostPages = 5;
const mostDescription = 600;
const mostSchema = 6_000;

const ListedTools = z.object({
  tools: z
    .array(z.object({ name: z.string(), description: z.string().optional(), inputSchema: z.unknown().optional() }))
    .max(1000),
  nextCursor: z.string().optional(),
});
const Called = z.object({
  content: z.array(z.looseObject({ type: z.string() })).default([]),
  structuredContent: z.unknown().optional(),
  isError: z.boolean().optional(),
});

/** A tool as a server offered it, cut to what a request can carry. */
export const ServerTool = z.strictObject({
  /** As the server calls it. */
  tool: z.string(),
  description: z.string(),
  schema: z.record(z.string(), z.json()),
});
export type ServerTool = z.infer<typeof ServerTool>;

interface Running extends StartedServer {
  readonly workspace: Workspace;
  readonly rpc: Rpc;
}

/** The servers of one run's sandbox: started when one is needed, started again after they died, gone with the sandbox. */
export class LiveServers {
  readonly #running = new Map<string, Running>();
  readonly #limits: { readonly startMs: number; readonly callMs: number };

  constructor(limits: { readonly startMs: number; readonly callMs: number }) {
    this.#limits = limits;
  }

  /** Throws Error in words. */
  async list(workspace: Workspace, server: ToolServer, signal: AbortSignal): Promise<ServerTool[]> {
    const { rpc } = await this.#open(workspace, server, signal);
    const tools: ServerTool[] = [];
    const { startMs: timeoutMs } = this.#limits;
    let cursor: string | undefined;
    for (let page = 0; page < mostPages && tools.length < mostTools; page++) {
      const params = cursor === undefined ? {} : { cursor };
      const listed = understood(ListedTools, await rpc.ask('tools/list', params, { timeoutMs, signal }));
      tools.push(...listed.tools.flatMap(cut));
      cursor = listed.nextCursor;
      if (cursor === undefined) break;
    }
    return tools.slice(0, mostTools);
  }

  /** What a tool answered, as text. Throws Error in words. */
  async call(
    workspace: Workspace,
    call: { readonly server: ToolServer; readonly tool: string; readonly input: object },
    signal: AbortSignal,
  ): Promise<{ readonly text: string; readonly isError: boolean }> {
    const { rpc } = await this.#open(workspace, call.server, signal);
    const params = { name: call.tool, arguments: call.input };
    const { content, structuredContent, isError } = understood(
      Called,
      (await rpc.ask('tools/call', params, { timeoutMs: this.#limits.callMs, signal })) ?? {},
    );
    const parts = content.map((part) =>
      part.type === 'text' ? String(part['text']) : `[${part.type.slice(0, 40)}, not shown]`,
    );
    if (parts.length === 0 && structuredContent !== undefined) parts.push(JSON.stringify(structuredContent));
    return { text: parts.join('\n'), isError: isError ?? false };
  }

  async #open(workspace: Workspace, server: ToolServer, signal: AbortSignal): Promise<Running> {
    const key = JSON.stringify(server);
    const known = this.#running.get(key);
    if (known && known.workspace === workspace && known.rpc.over === null) return known;
    this.#running.delete(key);
    const started = await startServer(workspace, server, signal);
    const rpc = new Rpc(started.peer);
    try {
      await rpc.ask(
        'initialize',
        { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'devfactory', version: '1' } },
        { timeoutMs: this.#limits.startMs, signal },
      );
    } catch (error) {
      rpc.end('it was not ready');
      const said = started.process.output().trim().slice(-300);
      await started.process.kill();
      throw new Error(`${error instanceof Error ? error.message : String(error)}${said === '' ? '' : ` (${said})`}`, {
        cause: error,
      });
    }
    rpc.tell('notifications/initialized');
    const running = { ...started, workspace, rpc };
    this.#running.set(key, running);
    return running;
  }
}

/** What a server said, in its shape. Throws Error in words. */
function understood<T>(shape: z.ZodType<T>, said: unknown): T {
  const parsed = shape.safeParse(said);
  if (parsed.success) return parsed.data;
  const places = parsed.error.issues.slice(0, 3).map(({ path }) => path.join('.') || 'all of it');
  throw new Error(`its answer cannot be understood (${places.join(', ').slice(0, 200)})`);
}

/** None for a tool whose name or input no model could be told. */
function cut({
  name,
  description = '',
  inputSchema,
}: {
  name: string;
  description?: string | undefined;
  inputSchema?: unknown;
}): ServerTool[] {
  if (!/^[\w.:/-]{1,100}$/.test(name)) return [];
  const schema = z.record(z.string(), z.json()).safeParse(inputSchema);
  const fits = schema.success && schema.data['type'] === 'object' && JSON.stringify(schema.data).length <= mostSchema;
  const plain = description
    .replaceAll(/[\p{Cf}\p{Co}]/gu, '')
    .slice(0, mostDescription)
    .toWellFormed();
  return [{ tool: name, description: plain, schema: fits ? schema.data : { type: 'object' } }];
}
