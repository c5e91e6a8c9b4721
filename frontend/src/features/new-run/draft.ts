import { limits, utf8Length, type AgentCard, type CreateRunInput, type RequirementWish } from '@devfactory/contracts';

export interface DraftRow {
  readonly key: string;
  readonly text: string;
  readonly priority: RequirementWish['priority'];
}

/** A run that has not been started: kept in this browser until it is. */
export interface Draft {
  readonly prompt: string;
  readonly rows: readonly DraftRow[];
  /** '' is whoever is right: the built-in agent as soon as there is a model for it. */
  readonly agent: string;
  readonly model: string;
  /** The one that holds checks out; '' is none. */
  readonly checksModel: string;
  readonly autonomy: 'approve-plan' | 'auto';
  readonly source: 'empty' | 'git' | 'upload';
  readonly gitUrl: string;
  /** Branch, tag or commit; '' is the repository's own choice. */
  readonly gitRef: string;
  readonly budget: string;
  readonly zipName: string;
}

export const emptyDraft: Draft = {
  prompt: '',
  rows: [],
  agent: '',
  model: '',
  checksModel: '',
  autonomy: 'approve-plan',
  source: 'empty',
  gitUrl: '',
  gitRef: '',
  budget: '',
  zipName: '',
};

/** What stands in the way of starting, in the order of the form; `field` is what to put the focus on. */
export interface Obstacle {
  readonly field:
    | 'prompt'
    | 'requirements'
    | 'agent'
    | 'model'
    | 'script'
    | 'git-url'
    | 'upload'
    | 'budget'
    | 'zip-name';
  readonly message: string;
}

/** What belongs to a draft and is not kept with it. */
export interface Material {
  readonly agents: readonly AgentCard[];
  readonly upload: File | null;
  readonly script: ScriptFile | null;
  /** What is asked when no model is named. */
  readonly defaultModel?: string | null;
}

/** What the agent `scripted` replays. `content` is null when the file is no JSON. */
export interface ScriptFile {
  readonly name: string;
  readonly content: CreateRunInput['agentOptions'] | null;
}

/** The one agent that takes a file of its own. */
export const scripted = 'scripted';

/** The agent that a draft means. */
export function agentOf(draft: Draft, { agents, defaultModel = null }: Material): string {
  if (draft.agent !== '') return draft.agent;
  const hasModel = defaultModel !== null || draft.model.trim() !== '';
  const builtin = agents.find((card) => card.id === 'builtin');
  return hasModel && builtin?.available ? 'builtin' : 'blueprint';
}

export function obstacles(draft: Draft, material: Material): Obstacle[] {
  const { agents, upload, script, defaultModel = null } = material;
  const found: Obstacle[] = [];
  const agent = agents.find((card) => card.id === agentOf(draft, material));
  const promptBytes = utf8Length(draft.prompt);
  const rows = filledRows(draft);
  const longRow = rows.findIndex((row) => utf8Length(row.text) > limits.requirementBytes);
  const budget = Number(draft.budget);
  if (draft.prompt.trim() === '') found.push({ field: 'prompt', message: 'Say what should be built.' });
  if (promptBytes > limits.promptBytes)
    found.push({
      field: 'prompt',
      message: `The prompt has ${promptBytes.toLocaleString('en')} bytes; at most ${limits.promptBytes.toLocaleString('en')} fit.`,
    });
  if (rows.length > limits.requirements)
    found.push({
      field: 'requirements',
      message: `There are ${rows.length} requirements; a run holds at most ${limits.requirements}.`,
    });
  if (longRow >= 0)
    found.push({
      field: 'requirements',
      message: `Requirement ${longRow + 1} is longer than ${limits.requirementBytes.toLocaleString('en')} bytes; split it.`,
    });
  if (agents.length > 0 && !agent) found.push({ field: 'agent', message: 'Choose an agent.' });
  if (agent && !agent.available)
    found.push({ field: 'agent', message: `${agent.title} is not available: ${agent.why}` });
  if (agent?.id === scripted && !script)
    found.push({ field: 'script', message: 'Choose the script that is to be replayed.' });
  if (agent?.id === scripted && script && script.content === null)
    found.push({ field: 'script', message: `${script.name} is not a JSON file.` });
  if (agent?.needsModel && draft.model.trim() === '' && defaultModel === null)
    found.push({ field: 'model', message: `Say which model ${agent.title} calls, as provider/model.` });
  if ((agent?.needsModel || draft.checksModel !== '') && draft.budget !== '' && !(budget > 0))
    found.push({ field: 'budget', message: 'The budget must be an amount above 0, or empty for none.' });
  if (draft.source === 'git' && !/^https:\/\/[^\s/]+\/\S/.test(draft.gitUrl.trim()))
    found.push({ field: 'git-url', message: 'Give the https address of the repository, as its page shows it.' });
  if (draft.source === 'upload' && !upload)
    found.push({ field: 'upload', message: 'Choose the ZIP file to start from.' });
  if (/[/\\\0]/.test(draft.zipName))
    found.push({ field: 'zip-name', message: 'The ZIP name must be a plain file name, without slashes.' });
  return found;
}

/** Body of POST /api/runs, without the upload, which is sent first. */
export function toRequest(draft: Draft, material: Material): CreateRunInput {
  const { agents, script } = material;
  const agent = agentOf(draft, material);
  const needsModel = agents.find((card) => card.id === agent)?.needsModel ?? false;
  const zipName = draft.zipName.trim();
  const ref = draft.gitRef.trim();
  return {
    prompt: draft.prompt,
    requirements: filledRows(draft).map(({ text, priority }) => ({ text, priority })),
    agent,
    autonomy: draft.autonomy,
    ...(draft.source === 'git'
      ? { source: { kind: 'git', url: draft.gitUrl.trim(), ...(ref === '' ? {} : { ref }) } }
      : {}),
    ...(needsModel && draft.model.trim() !== '' ? { model: draft.model.trim() } : {}),
    ...(draft.checksModel === '' ? {} : { checksModel: draft.checksModel }),
    ...((needsModel || draft.checksModel !== '') && draft.budget !== '' ? { budgetUsd: Number(draft.budget) } : {}),
    ...(agent === scripted && script?.content ? { agentOptions: script.content } : {}),
    destinations: [{ kind: 'zip', ...(zipName === '' ? {} : { name: withExtension(zipName) }) }],
  };
}

function filledRows(draft: Draft): { readonly text: string; readonly priority: DraftRow['priority'] }[] {
  return draft.rows.map((row) => ({ text: row.text.trim(), priority: row.priority })).filter((row) => row.text !== '');
}

export function newRow(text = '', priority: DraftRow['priority'] = 'must'): DraftRow {
  return { key: crypto.randomUUID(), text, priority };
}

export function isUntouched(draft: Draft): boolean {
  return draft.prompt.trim() === '' && filledRows(draft).length === 0;
}

function withExtension(name: string): string {
  return /\.zip$/i.test(name) ? name : `${name}.zip`;
}

const key = 'devfactory.draft.v1';

/** The draft as this browser kept it; what does not read as one is left behind. */
export function loadDraft(): Draft {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? 'null');
    return kept !== null && typeof kept === 'object' ? reviveDraft(kept as Record<string, unknown>) : emptyDraft;
  } catch {
    return emptyDraft;
  }
}

export function saveDraft(draft: Draft): void {
  try {
    if (isUntouched(draft)) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(draft));
  } catch {
    // A full or forbidden storage costs the draft's comfort, never the form.
  }
}

export function reviveDraft(kept: Readonly<Record<string, unknown>>): Draft {
  const text = (
    name: 'prompt' | 'agent' | 'model' | 'checksModel' | 'gitUrl' | 'gitRef' | 'budget' | 'zipName',
  ): string => {
    const value = kept[name];
    return typeof value === 'string' ? value : emptyDraft[name];
  };
  const rows = Array.isArray(kept['rows']) ? kept['rows'] : [];
  return {
    prompt: text('prompt'),
    agent: text('agent'),
    model: text('model'),
    checksModel: text('checksModel'),
    gitUrl: text('gitUrl'),
    gitRef: text('gitRef'),
    budget: text('budget'),
    zipName: text('zipName'),
    autonomy: kept['autonomy'] === 'auto' ? 'auto' : 'approve-plan',
    // A chosen file does not survive a reload, so neither does the choice of one.
    source: kept['source'] === 'git' ? 'git' : 'empty',
    rows: rows.flatMap((row: unknown) => {
      if (row === null || typeof row !== 'object' || !('text' in row) || typeof row.text !== 'string') return [];
      const priority = 'priority' in row ? row.priority : 'must';
      return [newRow(row.text, priority === 'should' || priority === 'could' ? priority : 'must')];
    }),
  };
}
