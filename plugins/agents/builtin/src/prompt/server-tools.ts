import type { Guidance } from '@devfactory/kit';

type ServerTool = Guidance['tools'][number];

/** All requests carry them. */
const mostTools = 64;
const mostBytes = 32 * 1024;

export interface NamedTool extends ServerTool {
  /** As the model knows it. */
  readonly name: string;
}

/** Tools of servers under names of their own, as many as requests should carry; of one name the first. */
export function serverTools(guidance: Guidance | undefined): readonly NamedTool[] {
  const named: NamedTool[] = [];
  let room = mostBytes;
  for (const tool of guidance?.tools ?? []) {
    const name = `mcp_${tool.server}_${tool.tool}`.replaceAll(/[^\w-]/g, '_').slice(0, 64);
    room -= JSON.stringify(tool).length;
    if (room < 0 || named.length >= mostTools) break;
    if (!named.some((other) => other.name === name)) named.push({ ...tool, name });
  }
  return named;
}
