import type { StepInput } from '@devfactory/kit';
import type { Blueprint } from '../blueprints/blueprint.ts';
import { choose } from '../blueprints/choose.ts';
import type { Model } from '../model/model.ts';
import type { Grammar } from '../reading/grammar.ts';
import type { Catalogue } from '../requirements/catalogue.ts';
import { textsOf, understand, type Brief } from '../understand/understand.ts';

/** What is to be built, found anew from everything that was said. */
export interface Project {
  readonly model: Model;
  readonly blueprint: Blueprint;
  readonly grammar: Grammar;
  readonly catalogue: Catalogue;
  readonly instead: readonly string[];
  readonly omitted: readonly string[];
}

/** The latest projects by what was said: each step of a turn asks for the same ones again. */
const latest = new Map<string, Project | null>();
const kept = 8;

export function projectOf(brief: Brief): Project | null {
  const key = JSON.stringify(brief);
  const known = latest.get(key);
  if (known !== undefined) return known;
  const project = makeProject(brief);
  for (const old of [...latest.keys()].slice(0, Math.max(0, latest.size + 1 - kept))) latest.delete(old);
  latest.set(key, project);
  return project;
}

function makeProject(brief: Brief): Project | null {
  const { early, late } = textsOf(brief);
  const choice = choose([...early, ...late]);
  if (!choice) return null;
  const { blueprint, instead, assumed } = choice;
  const understood = understand(brief, blueprint.conventions);
  const model = { ...understood.model, assumed: [...assumed, ...understood.model.assumed] };
  const { grammar } = blueprint;
  return { model, blueprint, grammar, catalogue: blueprint.catalogue(model), instead, omitted: understood.omitted };
}

/** The person's words so far, in the order in which they count. */
export function briefOf(input: StepInput): Brief {
  const typed = input.state.requirements.filter((item) => item.origin === 'person').map((item) => item.text);
  return {
    prompt: input.request.prompt,
    requirements: typed,
    feedback: saidLater(input),
    afterLock: saidAfterLock(input),
  };
}

/** Feedback that was delivered, and what plans were sent back with. */
export function saidLater(input: StepInput): string[] {
  const { state } = input;
  const delivered = state.feedback
    .filter((item) => !item.withdrawn && item.deliveredAt !== null)
    .map((item) => item.text);
  const returned = state.plan.returned === null ? [] : [state.plan.returned];
  return [...new Set([...takenIn(input), ...delivered, ...input.feedback.map((item) => item.text), ...returned])];
}

/** Feedback to working turns: they come when the checks are locked. */
function saidAfterLock({ state, purpose, feedback }: StepInput): string[] {
  const working = new Set(
    state.steps
      .filter((record) => state.turns.some((turn) => turn.turn === record.turn && turn.purpose !== 'plan'))
      .flatMap((record) => record.feedback),
  );
  const earlier = state.feedback.filter((item) => working.has(item.id)).map((item) => item.text);
  return purpose === 'plan' ? earlier : [...earlier, ...feedback.map((item) => item.text)];
}

const mark = 'Taken in: ';

/** The state forgets what a plan was sent back with once the next plan is there; this agent's own summary keeps it. */
export function keepInMind(text: string): string {
  return `${mark}${JSON.stringify(text.slice(0, 1500))}`;
}

function takenIn({ history }: StepInput): string[] {
  const summaries = history.flatMap((step) =>
    step.calls
      .filter((call) => call.tool === 'propose_requirements')
      .map((call) => (call.input as { summary?: unknown }).summary),
  );
  return summaries.flatMap((summary) =>
    typeof summary !== 'string'
      ? []
      : summary
          .split('\n')
          .filter((line) => line.startsWith(mark))
          .flatMap((line) => {
            try {
              return [String(JSON.parse(line.slice(mark.length)))];
            } catch {
              return [];
            }
          }),
  );
}

/** True when the workspace did not begin empty: this agent only starts new projects. */
export function hasSource({ state }: StepInput): boolean {
  return (state.checkpoints.find((item) => item.reason === 'base')?.files ?? 0) > 0;
}
