import { z } from 'zod';
import { Digest } from './ids.ts';
import { PlanProposal } from './requirement.ts';

const path = z.string().min(1).max(4096).describe('relative to the workspace');

const seen = Digest.optional().describe(
  'SHA-256 of the file as the agent last saw it; refused when it is another by now',
);

/** The tools every agent of ours has, with their inputs. Executed by the engine in the sandbox, never by the agent itself. */
export const toolInputs = {
  read: z.strictObject({ path, offset: z.int().min(0).optional(), limit: z.int().min(1).max(2000).optional() }),
  write: z.strictObject({ path, content: z.string(), executable: z.boolean().optional(), seen }),
  edit: z.strictObject({ path, find: z.string().min(1), replace: z.string(), seen }),
  list: z.strictObject({ path: path.optional() }),
  search: z.strictObject({ text: z.string().min(1).max(1000), path: path.optional() }),
  fetch: z.strictObject({
    url: z.string().min(1).max(2000),
    offset: z.int().min(0).optional().describe('characters of its text to pass over'),
  }),
  shell: z.strictObject({
    command: z.string().min(1).max(20_000),
    timeoutMs: z.int().min(100).max(600_000).optional(),
    background: z.boolean().optional().describe('goes on after the call; see the tool process'),
  }),
  process: z.strictObject({ id: z.string().min(1).max(20), do: z.enum(['output', 'stop']) }),
  /** A tool of a server of tools (MCP). */
  mcp: z.strictObject({
    server: z.string().min(1).max(24),
    tool: z.string().min(1).max(100),
    arguments: z.record(z.string(), z.json()).default({}),
  }),
  skill: z.strictObject({ name: z.string().min(1).max(64) }),
  propose_requirements: PlanProposal,
  ask: z.strictObject({
    question: z.string().min(1).max(4000),
    options: z.array(z.string().max(200)).max(8).default([]),
  }),
  finish: z.strictObject({ summary: z.string().max(8000).default('') }),
  /** What an agent that brings its own tools says it did with one. Nothing is executed: it is a record of its word. */
  own_tool: z.strictObject({
    kind: z.string().max(100),
    title: z.string().max(300),
    outcome: z.enum(['ok', 'error']),
    text: z.string().max(20_000),
  }),
} as const;

export type ToolName = keyof typeof toolInputs;
/** What can be asked for. */
export const toolNames = (Object.keys(toolInputs) as ToolName[]).filter((name) => name !== 'own_tool');

/** A tool call as an agent makes it; `tool` and `input` are untrusted until parsed. */
export const ToolCall = z.strictObject({ id: z.string().min(1).max(200), tool: z.string().max(100), input: z.json() });
export type ToolCall = z.infer<typeof ToolCall>;

/** What the agent gets back. `text` is at most 50 KB, head and tail when more. */
export const ToolResult = z.strictObject({
  outcome: z.enum(['ok', 'error', 'interrupted']),
  text: z.string(),
  exitCode: z.int().nullable().default(null),
  /** Files as the agent knows them from this answer on. */
  files: z.array(z.strictObject({ path: z.string(), digest: Digest })).optional(),
});
export type ToolResult = z.infer<typeof ToolResult>;
