import { editSentence, limits, noUsage, utf8Length, type CreateRun, type ToolCall } from '@devfactory/contracts';
import { DomainError, type Agent, type StepInput, type StepOutput } from '@devfactory/kit';
import { z } from 'zod';
import { Script, type ScriptStep } from './script.ts';

/** An agent that says and does what its script says, step by step. It looks at nothing, so it also plays agents that err or lie. */
export function createScriptedAgent(): Agent {
  return {
    id: 'scripted',
    title: 'Scripted',
    note: 'Replays a script of plan proposals and tool calls. No model, no thought: for tests and demonstrations.',
    needsModel: false,
    accept: (request) => void readScript(request),
    step: async (input) => nextStep(input),
  };
}

/** The script of a request. Throws script_missing, script_too_large or script_invalid, which names each wrong place. */
function readScript(request: CreateRun): Script {
  if (request.agentOptions === undefined || request.agentOptions === null) {
    throw new DomainError('script_missing', 'invalid', {
      message: 'Agent scripted needs a script: pass --script FILE, or agentOptions over HTTP.',
    });
  }
  const bytes = utf8Length(JSON.stringify(request.agentOptions));
  if (bytes > limits.scriptBytes) {
    throw new DomainError('script_too_large', 'too-large', {
      message: `The script has ${bytes} bytes; at most ${limits.scriptBytes} are taken.`,
    });
  }
  const parsed = Script.safeParse(request.agentOptions);
  if (parsed.success) return parsed.data;
  const shown = parsed.error.issues.slice(0, 10).map((issue) => `${placeOf(issue.path)}: ${issue.message}`);
  const more = parsed.error.issues.length - shown.length;
  throw new DomainError('script_invalid', 'invalid', {
    message: `The script is not valid. ${shown.join('; ')}${more > 0 ? `; and ${more} more` : ''}. See docs/guides/script-format.md.`,
    cause: parsed.error,
  });
}

function nextStep(input: StepInput): StepOutput {
  const steps = readScript(input.request)[input.purpose];
  const done = stepsTaken(input);
  const step = steps[done];
  return withEdits(input, step ? replay(step, input.history.length) : runOut(input, steps.length));
}

/** It cannot act on what people changed, and says that it was told. */
function withEdits({ edits = [] }: StepInput, output: StepOutput): StepOutput {
  const told = edits.map((edit) => `The person ${editSentence(edit)}.`);
  return told.length === 0 ? output : { ...output, text: [...told, output.text].join('\n').trimEnd() };
}

/** How many steps turns of this purpose took so far: the place in the script, found anew each time. */
function stepsTaken({ history, state, purpose }: StepInput): number {
  const turns = new Set(state.turns.filter((turn) => turn.purpose === purpose).map((turn) => turn.turn));
  return history.filter((step) => turns.has(step.turn)).length;
}

function replay(step: ScriptStep, before: number): StepOutput {
  const calls = step.calls.map((call, index): ToolCall => ({
    id: callId(before, index),
    tool: call.tool,
    input: z.json().parse(call.input),
  }));
  return { text: step.text, calls, usage: step.usage };
}

function runOut({ history, purpose }: StepInput, steps: number): StepOutput {
  const text = `The script has no more steps for a ${purpose} turn: all ${steps} were replayed.`;
  return { text, calls: [{ id: callId(history.length, 0), tool: 'finish', input: { summary: text } }], usage: noUsage };
}

function callId(before: number, index: number): string {
  return `s${before + 1}-${index + 1}`;
}

function placeOf(path: readonly PropertyKey[]): string {
  const place = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  return `script${place}`;
}
