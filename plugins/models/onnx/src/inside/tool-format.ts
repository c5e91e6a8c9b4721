import { choice, literal, sequence, type Rule } from './grammar.ts';
import { space } from './json-values.ts';
import { schemaRule } from './schema-rule.ts';

/** A function as Chat Completions offer it to a model. */
export interface OfferedTool {
  readonly name: string;
  readonly parameters: unknown;
}

/** How a family of models writes a call of a tool down. */
export interface ToolFormat {
  readonly id: 'hermes' | 'llama' | 'mistral' | 'mistral-args';
  /** What a call begins with; empty: with the JSON itself, at the beginning of an answer. */
  readonly opens: string;
  /** Other things to the same effect, e.g. a special token before the JSON. */
  readonly alsoOpens: readonly string[];
  /** What comes behind the opening: one call, or all of them. */
  rule(tools: readonly OfferedTool[]): Rule;
  /** True: nothing comes behind. False: words and more calls may. */
  readonly ends: boolean;
}

function call(tools: readonly OfferedTool[], field: 'arguments' | 'parameters'): Rule {
  const rules = tools.map(({ name, parameters }) =>
    sequence(
      literal('{'),
      space,
      literal('"name"'),
      space,
      literal(':'),
      space,
      literal(JSON.stringify(name)),
      space,
      literal(','),
      space,
      literal(`"${field}"`),
      space,
      literal(':'),
      space,
      argumentsRule(parameters),
      space,
      literal('}'),
    ),
  );
  return choice(...rules);
}

/** Arguments are an object, whatever a careless schema says. */
function argumentsRule(parameters: unknown): Rule {
  const isObject = typeof parameters === 'object' && parameters !== null;
  return schemaRule(isObject ? { type: 'object', ...parameters } : { type: 'object' });
}

const hermes: ToolFormat = {
  id: 'hermes',
  opens: '<tool_call>',
  alsoOpens: [],
  rule: (tools) => sequence(space, call(tools, 'arguments'), space, literal('</tool_call>')),
  ends: false,
};

const llama: ToolFormat = {
  id: 'llama',
  opens: '',
  alsoOpens: ['<|python_tag|>'],
  rule: (tools) => call(tools, 'parameters'),
  ends: true,
};

const mistral: ToolFormat = {
  id: 'mistral',
  opens: '[TOOL_CALLS]',
  alsoOpens: [],
  rule: (tools) => sequence(space, literal('['), space, call(tools, 'arguments'), more(tools), literal(']')),
  ends: true,
};

const mistralArguments: ToolFormat = {
  id: 'mistral-args',
  opens: '[TOOL_CALLS]',
  alsoOpens: [],
  rule: (tools) =>
    choice(
      ...tools.map(({ name, parameters }) =>
        sequence(literal(name), literal('[ARGS]'), space, argumentsRule(parameters)),
      ),
    ),
  ends: false,
};

/** More calls behind a comma, or none. */
function more(tools: readonly OfferedTool[]): Rule {
  const next = sequence(space, literal(','), space, call(tools, 'arguments'));
  const any: Rule = {
    empty: true,
    step: (byte, below, to) => next.step(byte, { rule: any, below }, to),
  };
  return sequence(any, space);
}

/** The format that a chat template speaks of; the one most models know where it speaks of none. */
export function formatOf(chatTemplate: string): ToolFormat {
  if (chatTemplate.includes('<tool_call>')) return hermes;
  if (chatTemplate.includes('[TOOL_CALLS]')) return chatTemplate.includes('[ARGS]') ? mistralArguments : mistral;
  if (/<\|python_tag\|>|<\|start_header_id\|>/.test(chatTemplate) && chatTemplate.includes('tools')) return llama;
  return hermes;
}

export const formats = { hermes, llama, mistral, mistralArguments };
