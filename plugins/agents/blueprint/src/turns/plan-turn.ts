import type { PlanProposal, RequirementProposal, ToolCall } from '@devfactory/contracts';
import type { StepInput } from '@devfactory/kit';
import { whatIsBuilt } from '../blueprints/list.ts';
import { feedbackProposals } from './feedback.ts';
import { briefOf, hasSource, keepInMind, projectOf, saidLater, type Project } from './project.ts';
import { answerTo, derivedProposals, unmetOf } from './proposals.ts';

const mostRequirements = 200;

/** One proposal: checks for what exists, requirements for what the prompt says, honest words for the rest. */
export function planTurn(input: StepInput): { text: string; calls: Omit<ToolCall, 'id'>[] } {
  const why = whyNothing(input);
  const brief = briefOf(input);
  const project = why === null ? projectOf(brief) : null;
  if (!project) return nothingToPropose(input, why ?? noneOfThem);
  const looking = lookAround(input, project);
  if (looking) return looking;
  const known = input.state.requirements;
  const requirements = [
    ...known.map((requirement) => answerTo(requirement, project)),
    ...newProposals(input, project),
  ].slice(0, mostRequirements);
  const notes = noteLines(input, project, requirements);
  const summary = [describe(project), ...notes, ...saidLater(input).map(keepInMind)].join('\n').slice(0, 4000);
  const proposal: PlanProposal = { summary, requirements };
  return {
    text: [describe(project), ...notes].join('\n'),
    calls: [
      { tool: 'propose_requirements', input: toJson(proposal) },
      { tool: 'finish', input: { summary: describe(project) } },
    ],
  };
}

/** A first step that asks the sandbox what it lacks: the person is to know before the plan is approved. */
function lookAround(input: StepInput, { blueprint }: Project): { text: string; calls: Omit<ToolCall, 'id'>[] } | null {
  if (blueprint.lacking === undefined || input.history.some((step) => step.turn === input.turn)) return null;
  return {
    text: `Looking whether this machine has what a ${blueprint.title} needs.`,
    calls: [{ tool: 'shell', input: { command: blueprint.lacking, timeoutMs: 30_000 } }],
  };
}

/** What the look around found missing, in this turn. */
function lackingHere({ history, turn }: StepInput): string[] {
  return history
    .filter((step) => step.turn === turn)
    .flatMap((step) => Object.values(step.results))
    .flatMap(({ text }) => text.split('\n').filter((line) => line.startsWith('This machine has no ')));
}

function newProposals(input: StepInput, project: Project): RequirementProposal[] {
  const { state, request } = input;
  const texts = new Set(state.requirements.map((requirement) => requirement.text));
  const isFirst =
    state.plan.proposed === 0 && state.requirements.every((requirement) => requirement.origin === 'person');
  const derived = state.requirements.length === 0 ? derivedProposals(project, request.prompt) : [];
  const fresh = isFirst ? [...derived, ...unmetOf(request.prompt, project)] : feedbackProposals(input, project);
  return fresh.filter(
    ({ text }, index) => !texts.has(text) && fresh.findIndex((other) => other.text === text) === index,
  );
}

const noneOfThem = `This agent follows fixed blueprints and is no model. It builds ${whatIsBuilt()}. The prompt asks for none of these, so nothing is built.`;

/** Why this run cannot be worked on at all; null when it can. */
export function whyNothing(input: StepInput): string | null {
  return hasSource(input)
    ? 'This agent only starts new projects, and the workspace already has files. It changes nothing; choose an agent with a model for existing code.'
    : null;
}

function nothingToPropose(input: StepInput, why: string): { text: string; calls: Omit<ToolCall, 'id'>[] } {
  const { requirements } = input.state;
  const declined: RequirementProposal[] = requirements.map(({ id, text, priority }) => ({
    id,
    text,
    priority,
    checks: [],
    cannot: why,
  }));
  const whole: RequirementProposal[] = [
    { text: input.request.prompt.trim().slice(0, 900), priority: 'must', checks: [], cannot: why },
  ];
  const proposal: PlanProposal = { summary: why, requirements: requirements.length > 0 ? declined : whole };
  return {
    text: why,
    calls: [
      { tool: 'propose_requirements', input: toJson(proposal) },
      { tool: 'finish', input: { summary: why } },
    ],
  };
}

/** What will be built, in a few lines. */
export function describe({ model, blueprint }: Project): string {
  const things = model.entities.map(
    (entity) =>
      `${entity.labels} (${entity.fields.map((field) => field.key).join(', ')})${blueprint.placeOf?.(entity) ?? ''}`,
  );
  const kept = things.length > 0 ? ` It keeps ${things.join('; ')}.` : '';
  const auth = model.auth ? ` Accounts register and log in below ${model.auth.path} and get JSON Web Tokens.` : '';
  return `${model.title}, from the blueprint ${blueprint.id}.${kept}${auth}`;
}

function noteLines(input: StepInput, project: Project, requirements: readonly RequirementProposal[]): string[] {
  const cannot = requirements.filter((requirement) => requirement.cannot !== undefined).length;
  const said = input.feedback
    .map((item) => item.text)
    .concat(input.state.plan.returned === null ? [] : [input.state.plan.returned]);
  return [
    ...lackingHere(input),
    ...project.model.assumed,
    ...(cannot > 0
      ? [
          `${cannot} of ${requirements.length} requirements are beyond it. They get no check, stay unproven, and the run will wait for you.`,
        ]
      : []),
    ...said
      .filter((text) => !isUnderstood(text, input))
      .map(
        (text) =>
          `No rule of this agent fits what you said ("${text.slice(0, 120)}"); it is no model and leaves it to you.`,
      ),
  ];
}

/** True when a text changed what is built. */
export function isUnderstood(text: string, input: StepInput): boolean {
  const brief = briefOf(input);
  const before = projectOf({ ...brief, feedback: brief.feedback.filter((item) => item !== text) });
  const after = projectOf(brief);
  if (JSON.stringify(before?.model) !== JSON.stringify(after?.model)) return true;
  return after !== null && feedbackProposals({ ...input, feedback: [] }, after, [text]).length > 0;
}

/** A proposal without members that are undefined, as JSON has none. */
export function toJson(value: unknown): ToolCall['input'] {
  return JSON.parse(JSON.stringify(value)) as ToolCall['input'];
}
