import { z } from 'zod';

const Server = z.object({
  command: z.string().min(1).max(500),
  args: z.array(z.string().max(2000)).max(50).default([]),
  env: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string().max(2000)).default({}),
  type: z.literal('stdio').optional(),
});
const ServersFile = z.object({ mcpServers: z.record(z.string().regex(/^[A-Za-z0-9_-]{1,24}$/), Server) });

/** A server of tools (MCP) that speaks over its standard input and output. */
export interface ToolServer {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

const mostServers = 8;

/** Servers as .mcp.json names them, or why they cannot be taken. */
export function readToolServers(
  text: string,
): { readonly servers: readonly ToolServer[] } | { readonly trouble: string } {
  let written: unknown;
  try {
    written = JSON.parse(text);
  } catch {
    return { trouble: 'It is not valid JSON.' };
  }
  const parsed = ServersFile.safeParse(written);
  if (!parsed.success) {
    const places = parsed.error.issues.slice(0, 3).map(({ path }) => path.join('.') || 'the file');
    return {
      trouble: `${places.join(', ').slice(0, 100)}: servers have a name, command, args and env, and speak stdio.`,
    };
  }
  const servers = Object.entries(parsed.data.mcpServers).map(([name, { command, args, env }]) => ({
    name,
    command,
    args,
    env,
  }));
  if (servers.length === 0) return { trouble: 'It names no server.' };
  return servers.length > mostServers ? { trouble: `It names more than ${mostServers} servers.` } : { servers };
}
