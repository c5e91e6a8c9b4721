import { counted, toolInputs, toolNames, type ToolCall, type ToolName } from '@devfactory/contracts';
import { plainText } from '../text/cut-text.ts';
import { fetchDocs } from './fetch-tool.ts';
import { edit, list, read, write } from './file-tools.ts';
import { mcp } from './mcp-tool.ts';
import { ownTool } from './own-tool.ts';
import { ask, finish, proposeRequirements } from './plan-tools.ts';
import { search } from './search-tool.ts';
import { processTool, shell } from './shell-tool.ts';
import { skill } from './skill-tool.ts';
import type { Tool } from './tool.ts';

export const tools: { readonly [T in ToolName]: Tool<T> } = {
  read: { changesFiles: false, repeatable: true, title: (input) => input.path, run: read },
  write: { changesFiles: true, repeatable: true, title: (input) => input.path, run: write },
  edit: { changesFiles: true, repeatable: false, title: (input) => input.path, run: edit },
  list: { changesFiles: false, repeatable: true, title: (input) => input.path ?? '.', run: list },
  search: { changesFiles: false, repeatable: true, title: (input) => input.text, run: search },
  fetch: { changesFiles: false, repeatable: true, title: (input) => input.url, run: fetchDocs },
  shell: { changesFiles: true, repeatable: false, title: (input) => input.command, run: shell },
  process: { changesFiles: true, repeatable: false, title: (input) => `${input.do} ${input.id}`, run: processTool },
  mcp: { changesFiles: true, repeatable: false, title: (input) => `${input.server} ${input.tool}`, run: mcp },
  skill: { changesFiles: false, repeatable: true, title: (input) => input.name, run: skill },
  propose_requirements: {
    changesFiles: false,
    repeatable: true,
    title: (input) => counted(input.requirements.length, 'requirement'),
    run: proposeRequirements,
  },
  ask: { changesFiles: false, repeatable: true, title: (input) => input.question, run: ask },
  finish: { changesFiles: false, repeatable: true, title: () => '', run: finish },
  own_tool: { changesFiles: true, repeatable: true, title: ({ kind, title }) => `${kind} ${title}`, run: ownTool },
};

export const toolNamesText = toolNames.join(', ');

export function isTool(name: string): name is ToolName {
  return Object.hasOwn(tools, name);
}

export function changesFiles(name: string): boolean {
  return isTool(name) && tools[name].changesFiles;
}

/** Whether calls of this tool may run beside each other: they only look. */
export function onlyLooks(name: string): boolean {
  return ['read', 'list', 'search', 'fetch'].includes(name);
}

/** Whether a call that a dead worker began may simply be made again. */
export function isRepeatable(name: string): boolean {
  return isTool(name) && tools[name].repeatable;
}

/** A title for any call, also one that will be refused. */
export function titleOf(call: ToolCall): string {
  if (!isTool(call.tool)) return '';
  const parsed = toolInputs[call.tool].safeParse(call.input);
  return parsed.success ? (tools[call.tool].title as (input: unknown) => string)(parsed.data) : '';
}

/** The name of a tool that does not exist is the agent's own text. */
export function toolName(tool: string): string {
  return isTool(tool) ? tool : plainText(tool, 40);
}
