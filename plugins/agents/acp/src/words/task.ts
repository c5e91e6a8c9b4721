import { editSentence, feedbackWords, requirementViews, toolInputs, type RunState } from '@devfactory/contracts';
import type { PastStep, StepInput } from '@devfactory/kit';
import { z } from 'zod';
import { guidanceSections } from './guidance.ts';

const common = `You work for AI DevFactory in a Linux sandbox, on the project in /workspace. The network reaches package registries and nothing else.
A verifier that you cannot touch runs each requirement's checks on a clean copy of your files and decides what is proven. Your word decides nothing.`;

const mostEdits = 30;

const working = `Make the requirements true, in /workspace. Their checks are locked; you cannot change them. Run the project and its tests before you end. Then end with a short summary. If a requirement cannot be met, say so; never fake it.`;

/** A plan's shape: the input of the tool by which our own agents propose one. */
const planShape = JSON.stringify(z.toJSONSchema(toolInputs.propose_requirements, { io: 'input' }));

const planning = `Now plan, and change no files. Look at what is there. Then answer with the plan as one JSON object in a block that begins with \`\`\`json, and nothing after it.
- Each requirement is one sentence in EARS form ("When …, the system shall …"), about behaviour that one can see from outside. Numbers and texts in it are exact.
- A requirement that a person wrote is listed with its id: give it checks under that id; its words stay.
- Each has at least one check. Prefer kinds that look from outside (http, command, file) to test. A check must fail on the present files (intent change) or, for what must not break, pass on them and later too (intent keep; only where files exist).
- Checks run without your help in a clean copy: name only files and commands that will exist then.
- What cannot be met or checked here is said in "cannot".
The object has this JSON Schema:
${planShape}`;

/** All that an agent needs which knows nothing of the run yet. */
export function taskText({ state, request, purpose, history, guidance }: StepInput): string {
  const done = doneBefore(history);
  return [
    common,
    `# Task\n${request.prompt}`,
    ...guidanceSections(guidance),
    `# Requirements\n${requirementLines(state)}`,
    ...(state.plan.approved > 0 && state.plan.summary !== '' ? [`# Approved plan\n${state.plan.summary}`] : []),
    ...(done === '' ? [] : [`# Done so far, shortened; the files are the truth\n${done}`]),
    purposeText(purpose),
  ].join('\n\n');
}

export function purposeText(purpose: StepInput['purpose']): string {
  return purpose === 'plan' ? planning : working;
}

/** What the person and the verifier said since the agent was last spoken to. */
export function newsText(
  { state, purpose, feedback, edits = [] }: StepInput,
  { turnBegins }: { readonly turnBegins: boolean },
): string {
  const { why = '' } = state.turns.at(-1) ?? {};
  const news = [
    ...edits
      .slice(-mostEdits)
      .map((edit) => `The person ${editSentence(edit)}. It stays: read it before you change it.`),
    ...feedback.map((item) => `A person says: ${feedbackWords(item)}`),
  ];
  if (!turnBegins) return news.join('\n\n');
  if (purpose === 'repair') news.unshift(repairText(state));
  else if (purpose === 'plan' && state.plan.returned !== null)
    news.unshift(`A person sent the plan back: ${state.plan.returned}\nPropose it anew.`);
  else if (why !== '') news.unshift(why);
  return news.join('\n\n');
}

function requirementLines(state: RunState): string {
  const lines = state.requirements.map((requirement) => {
    const checks = state.checks.filter((check) => check.requirementId === requirement.id);
    return [
      `${requirement.id} (${requirement.priority}) ${requirement.text}`,
      ...checks.map((check) => `  ${check.id} ${check.kind}: ${check.title}`),
    ].join('\n');
  });
  return lines.length === 0 ? 'None yet.' : lines.join('\n');
}

/** What the verifier saw of each check that does not pass. */
function repairText(state: RunState): string {
  const failing = requirementViews(state).flatMap((view) =>
    view.checks.flatMap((check) => {
      if (check.standing !== 'failing' || !check.latest) return [];
      const { command, exitCode, excerpt } = check.latest;
      const exit = exitCode === null ? '' : ` (exit ${exitCode})`;
      return [`${view.id} ${check.id} ${check.title}\n${command}${exit}\n${excerpt.slice(0, 1500)}`];
    }),
  );
  return `The verifier ran the checks on your files. ${state.turns.at(-1)?.why ?? ''}\n\n${failing.join('\n\n')}\n\nMend the cause in the project.`;
}

function doneBefore(history: readonly PastStep[]): string {
  return history
    .slice(-30)
    .flatMap((step) => [
      ...(step.text.trim() === '' ? [] : [step.text.trim().slice(0, 300)]),
      ...step.calls.flatMap((call) => {
        const { title } = call.input as { title?: unknown };
        return call.tool === 'own_tool' && typeof title === 'string' ? [`- ${title}`] : [];
      }),
    ])
    .join('\n')
    .slice(-8000);
}
