import { requirementViews, shownToAgents, ToldInIde, type RunStage, type RunState } from '@devfactory/contracts';

const most = { requirements: 200, checks: 20, checkpoints: 50, characters: 300 };

/** A run as VS Code in its sandbox is told of it. What is held out stays out: the run's agent is in that sandbox, too. */
export function toldInIde(state: RunState, page: string): ToldInIde {
  const shown = shownToAgents(state);
  const { word, tone } = stageOf(shown);
  return ToldInIde.parse({
    version: 1,
    page,
    run: { name: cut(shown.name), stage: word, tone },
    requirements: requirementViews(shown)
      .slice(0, most.requirements)
      .map(({ id, text, status, checks }) => ({
        id,
        text: cut(text),
        status,
        checks: checks.slice(0, most.checks).map(({ title, standing }) => ({ title: cut(title), standing })),
      })),
    checkpoints: shown.checkpoints
      .slice(-most.checkpoints)
      .toReversed()
      .map(({ id, label, changed }) => ({
        id,
        label: cut(label),
        changed: `${changed.modified} changed, ${changed.added} added, ${changed.removed} removed`,
      })),
  });
}

const waits: Readonly<Record<Extract<RunStage, { name: 'waiting' }>['for'], string>> = {
  'plan-approval': 'Waits for you to approve the plan',
  answer: 'Waits for your answer',
  review: 'Waits for your review',
};

function stageOf({ stage, paused }: RunState): { readonly word: string; readonly tone: ToldInIde['run']['tone'] } {
  if (stage.name === 'failed') return { word: `Stopped: ${cut(stage.reason)}`, tone: 'bad' };
  if (stage.name === 'delivered') return { word: 'Delivered', tone: 'good' };
  if (stage.name === 'finished' || stage.name === 'cancelled') return { word: capital(stage.name), tone: 'none' };
  if (paused) return { word: 'Paused', tone: 'wait' };
  if (stage.name === 'waiting') return { word: waits[stage.for], tone: 'wait' };
  return { word: capital(stage.name), tone: 'none' };
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function cut(text: string): string {
  const plain = text.replaceAll(/\s+/g, ' ').trim();
  return plain.length > most.characters ? `${plain.slice(0, most.characters)}…` : plain;
}
