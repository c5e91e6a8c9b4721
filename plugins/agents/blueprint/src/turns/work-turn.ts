import type { ToolCall } from '@devfactory/contracts';
import type { PastStep, StepInput } from '@devfactory/kit';
import { changesIn } from '../understand/changes.ts';
import { feedbackProposals } from './feedback.ts';
import { describe, isUnderstood, toJson, whyNothing } from './plan-turn.ts';
import { briefOf, projectOf, type Project } from './project.ts';

type Move = { text: string; calls: Omit<ToolCall, 'id'>[] };

/** Writes the project part by part, runs its tests, and says how that went. Where it stands is counted from this turn's steps. */
export function workTurn(input: StepInput): Move {
  const project = whyNothing(input) === null ? projectOf(briefOf(input)) : null;
  if (!project) return finish(whyNothing(input) ?? 'The prompt fits no blueprint: nothing was built.');
  const steps = stepsSinceFeedback(input);
  const parts = project.blueprint.parts(project.model);
  const part = parts[steps.length];
  if (part)
    return {
      text: opening(input, steps.length, `Writing ${part.title}.`),
      calls: [...(steps.length === 0 ? proposals(input, project) : []), ...writes(part.files)],
    };
  if (steps.length === parts.length) {
    return {
      text: "Running the project's own tests.",
      calls: [{ tool: 'shell', input: { command: project.blueprint.testCommand(project.model), timeoutMs: 600_000 } }],
    };
  }
  return finish(report(project, steps.at(-1), input));
}

/** Steps of this turn that came since feedback last changed what is to be done. */
function stepsSinceFeedback({ history, state, turn, feedback }: StepInput): PastStep[] {
  if (feedback.length > 0) return [];
  const own = history.filter((step) => step.turn === turn);
  const last = own.findLastIndex(
    (step) => (state.steps.find((record) => record.step === step.step)?.feedback.length ?? 0) > 0,
  );
  return own.slice(Math.max(0, last));
}

function opening(input: StepInput, done: number, text: string): string {
  if (done > 0 || input.feedback.length === 0) return text;
  const lines = input.feedback.map((item) =>
    isUnderstood(item.text, input)
      ? `Taken in: "${item.text.slice(0, 200)}".`
      : changesIn(item.text).length > 0
        ? `Not done: "${item.text.slice(0, 200)}". The approved checks are locked and ask for what is there; send it with a plan before it is approved, or begin a new run.`
        : `No rule of this agent fits "${item.text.slice(0, 200)}"; it is no model, so that changes nothing here.`,
  );
  return [...lines, text].join('\n');
}

/** What feedback adds is a requirement of its own; checks that are locked stay as they are. */
function proposals(input: StepInput, project: Project): Move['calls'] {
  if (input.feedback.length === 0) return [];
  const requirements = feedbackProposals(
    input,
    project,
    input.feedback.map((item) => item.text),
  );
  if (requirements.length === 0) return [];
  return [{ tool: 'propose_requirements', input: toJson({ summary: describe(project), requirements }) }];
}

export function writes(files: readonly { readonly path: string; readonly content: string }[]): Move['calls'] {
  return files.map(({ path, content }) => ({ tool: 'write', input: { path, content } }));
}

export function finish(summary: string): Move {
  return { text: summary, calls: [{ tool: 'finish', input: { summary: summary.slice(0, 8000) } }] };
}

function report(project: Project, tested: PastStep | undefined, { state }: StepInput): string {
  const result = tested ? Object.values(tested.results)[0] : undefined;
  const lastLine =
    (result?.text ?? '')
      .trim()
      .split('\n')
      .findLast((line) => /\b(?:passed|failed|error|pass \d|fail \d)/i.test(line)) ?? '';
  const tests =
    result?.outcome === 'ok' && result.exitCode === 0
      ? `Its own tests passed when I ran them here${lastLine ? ` (${lastLine.replaceAll(/[=\s]+/g, ' ').trim()})` : ''}.`
      : 'Its own tests could not be run to a pass here; the verifier will tell.';
  const cannot = state.requirements
    .filter((requirement) => (requirement.cannot ?? '') !== '')
    .map((requirement) => requirement.id);
  const left = cannot.length > 0 ? ` I cannot meet ${cannot.join(', ')}: that is beyond the blueprint.` : '';
  return `${describe(project)} ${tests} What is proven is for the verifier to say.${left}`;
}
