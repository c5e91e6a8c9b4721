import type { RunState } from '@devfactory/contracts';
import type { PastStep, StepInput } from '@devfactory/kit';
import { guidanceSections } from './guidance.ts';

const checkCharacters = 600;
const allChecksCharacters = 4000;

/** The first message of a conversation: the task, all requirements with their checks, and what was done before. */
export function taskText(input: Pick<StepInput, 'state' | 'request' | 'history' | 'guidance'>, before: string): string {
  const { state, request } = input;
  const begin = state.checkpoints.find((item) => item.reason === 'base');
  const files = begin?.files ?? 0;
  return [
    `# Task\n${request.prompt}`,
    files === 0 ? 'The project is empty.' : `The project began with ${files} ${files === 1 ? 'file' : 'files'}.`,
    `# Requirements\n${requirementLines(state, input.history)}`,
    ...(state.plan.approved > 0 && state.plan.summary !== '' ? [`# Approved plan\n${state.plan.summary}`] : []),
    ...guidanceSections(input.guidance),
    ...(before === '' ? [] : [`# Done so far, shortened (files are the truth)\n${before}`]),
  ].join('\n\n');
}

function requirementLines(state: RunState, history: readonly PastStep[]): string {
  if (state.requirements.length === 0) return 'None yet.';
  const specs = proposedSpecs(history);
  let room = allChecksCharacters;
  return state.requirements
    .map((requirement) => {
      const checks = state.checks.filter((check) => check.requirementId === requirement.id);
      const lines = checks.map((check) => {
        const spec = specs.get(check.title) ?? '';
        const shown = spec.length <= Math.min(checkCharacters, room) ? spec : '';
        room -= shown.length;
        return `  ${check.id} ${check.kind}: ${check.title}${shown === '' ? '' : ` ${shown}`}`;
      });
      return [`${requirement.id} (${requirement.priority}) ${requirement.text}`, ...lines].join('\n');
    })
    .join('\n');
}

/** Check title -> what was proposed under it, as JSON. */
function proposedSpecs(history: readonly PastStep[]): ReadonlyMap<string, string> {
  const specs = new Map<string, string>();
  for (const call of history.flatMap((step) => step.calls)) {
    if (call.tool !== 'propose_requirements') continue;
    const { requirements } = call.input as { requirements?: { checks?: { title?: unknown; spec?: unknown }[] }[] };
    for (const check of requirements?.flatMap((item) => item.checks ?? []) ?? []) {
      if (typeof check.title === 'string') specs.set(check.title, JSON.stringify(check.spec));
    }
  }
  return specs;
}
