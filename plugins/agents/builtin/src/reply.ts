import type { ToolCall } from '@devfactory/contracts';
import type { ModelContent } from '@devfactory/kit';
import { z } from 'zod';
import type { Part } from './memory/memo.ts';
import type { NamedTool } from './prompt/server-tools.ts';

/** What the model said, as it is kept and as the engine takes it. */
export interface Reply {
  readonly text: string;
  readonly parts: readonly Part[];
  readonly calls: readonly ToolCall[];
}

/** Files that a call overwrites must be as the agent last saw them. */
const guarded = new Set(['write', 'edit']);

export function replyOf(
  content: readonly ModelContent[],
  about: {
    readonly finish: string;
    readonly known: ReadonlyMap<string, string>;
    readonly step: number;
    readonly servers: readonly NamedTool[];
  },
): Reply {
  const parts = content.flatMap((part) => partOf(part, about.finish) ?? []);
  const known = new Map(about.known);
  // Some servers count their calls from zero in each answer: their ids tell nothing apart.
  const calls = parts
    .filter((part) => part.type === 'tool-call')
    .map((part, index) => ({ id: `s${about.step}-${index + 1}`, ...callOf(part, { known, servers: about.servers }) }));
  const text = parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('');
  return { text, parts, calls };
}

function partOf(content: ModelContent, finish: string): Part | null {
  const { providerMetadata } = content;
  const options = providerMetadata === undefined ? {} : { providerOptions: plain(providerMetadata) };
  switch (content.type) {
    case 'text':
      return content.text === '' ? null : { type: 'text', text: content.text, ...options };
    case 'reasoning':
      return { type: 'reasoning', text: content.text, ...options };
    case 'tool-call': {
      const { toolCallId, toolName } = content;
      return { type: 'tool-call', toolCallId, toolName, ...readInput(content.input, finish), ...options };
    }
    case 'custom':
    case 'file':
    case 'reasoning-file':
    case 'source':
    case 'tool-approval-request':
    case 'tool-result':
      return null;
  }
}

/** Arguments as the model wrote them. What is no JSON object goes back to it with the reason. */
function readInput(written: string, finish: string): { input: z.core.util.JSONType; broken?: string } {
  try {
    const parsed = z.json().parse(JSON.parse(written.trim() === '' ? '{}' : written));
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return { input: parsed };
    return { input: {}, broken: 'The arguments must be one JSON object. Send the call again.' };
  } catch (error) {
    const cut = finish === 'length' ? ' Your answer was cut off at its longest: write less at once.' : '';
    const why = error instanceof Error ? error.message : String(error);
    return { input: {}, broken: `The arguments are no valid JSON (${why.slice(0, 200)}).${cut} Send the call again.` };
  }
}

/** Takes an edited file out of `known`: a second edit in the same answer follows on what the first one left. */
function callOf(
  part: Part & { type: 'tool-call' },
  { known, servers }: { readonly known: Map<string, string>; readonly servers: readonly NamedTool[] },
): Omit<ToolCall, 'id'> {
  const call = { tool: part.toolName.slice(0, 100) };
  // Refused by every tool, so that nothing runs on arguments nobody wrote.
  if (part.broken !== undefined) return { ...call, input: part.broken };
  const input = part.input;
  const offered = servers.find(({ name }) => name === part.toolName);
  if (offered) return { tool: 'mcp', input: { server: offered.server, tool: offered.tool, arguments: input } };
  if (!guarded.has(call.tool) || typeof input !== 'object' || input === null || Array.isArray(input))
    return { ...call, input };
  const path = input['path'];
  const seen = typeof path === 'string' ? known.get(path) : undefined;
  if (call.tool === 'edit' && typeof path === 'string') known.delete(path);
  return { ...call, input: seen === undefined ? input : { ...input, seen } };
}

/** Plain JSON, without members that hold nothing: it is stored. */
function plain(metadata: object): NonNullable<Part['providerOptions']> {
  return JSON.parse(JSON.stringify(metadata)) as NonNullable<Part['providerOptions']>;
}
