import type { Client } from '@devfactory/client';
import { CreateRun, defaultAgent, limits, type CreateRunInput, type IssueQuery } from '@devfactory/contracts';
import type { Arguments } from '../arguments.ts';
import { commonOptions, serverOptions, type Command } from '../command.ts';
import { CliError, UsageError } from '../failure.ts';
import { exportForms, readExportTarget, requireWritable, type ExportTarget } from '../input/export-target.ts';
import { issuesForm, issueWishes, readIssues } from '../input/issues.ts';
import { readPrompt } from '../input/prompt.ts';
import { readRequirementsFile } from '../input/requirements-file.ts';
import { readScriptFile } from '../input/script-file.ts';
import { nearest } from '../nearest.ts';
import { stayWithRun } from '../run/stay.ts';
import { withServer, type Connection } from '../server/connect.ts';
import { prepareSource, type PreparedSource } from '../source/source.ts';
import { typed } from '../typed.ts';

/** Who works, and with what. */
export const agentOptions = {
  agent: { value: 'ID', about: 'which agent works (default builtin when there is a model, else blueprint)' },
  script: { value: 'FILE', about: 'what the agent "scripted" replays' },
  model: {
    value: 'PROVIDER/MODEL',
    about: 'the model, for agents that use one (default: the one chosen in the settings)',
  },
  budget: { value: 'USD', about: 'most that models may cost' },
} as const;

export const run: Command = {
  name: 'run',
  about: 'build what the prompt says and stay until it is done or a person is asked',
  words: '"PROMPT" (or - to read it from stdin)',
  count: { least: 0, most: Number.POSITIVE_INFINITY },
  options: {
    requirements: { value: 'FILE', about: 'requirements, one list item each (Markdown or plain text)' },
    issues: { value: issuesForm, about: 'issues at GitHub as requirements; look at them before: devfactory issues' },
    ...agentOptions,
    'checks-model': { value: 'PROVIDER/MODEL', about: 'a second model, asked for checks that the agent is not shown' },
    source: { value: 'DIR|ZIP|GIT_URL', about: 'the first files; left out: none' },
    ref: { value: 'REF', about: 'with a git address as --source: a branch, tag or commit' },
    'auto-approve': { about: 'ask nobody: approve the plan, and the result when all of it is proven' },
    'deliver-unproven': { about: 'with --auto-approve: deliver although something is not proven' },
    export: { value: exportForms, about: 'where the result goes; its proof is put beside it' },
    force: { about: 'let --export replace files' },
    ...serverOptions,
    ...commonOptions,
  },
  run: async (invocation) => {
    const order = await readOrder(invocation.arguments);
    try {
      return await withServer(invocation, async (connection) => {
        const id = await createRun(connection.client, order);
        if (!invocation.arguments.flag('json')) invocation.terminal.talk(await whereToLook(connection, id));
        return stayWithRun(invocation, connection, { runId: id, from: null, restAfter: 0, save: order.save });
      });
    } finally {
      await order.source.discard();
    }
  },
};

/** All that was asked for, read and checked before a server is spoken to. */
interface Order {
  readonly request: CreateRunInput;
  readonly issues: IssueQuery | null;
  readonly source: PreparedSource;
  readonly save: { readonly target: ExportTarget; readonly force: boolean } | null;
}

async function readOrder(given: Arguments): Promise<Order> {
  const prompt = await readPrompt(given.words);
  const requirementsFile = given.text('requirements');
  const requirements = requirementsFile === null ? [] : await readRequirementsFile(requirementsFile);
  const issues = given.text('issues');
  const save = await readSave(given);
  const request: CreateRunInput = {
    prompt,
    requirements: [...requirements],
    ...(await readAgent(given)),
    ...readAutonomy(given),
    ...(given.text('checks-model') === null ? {} : { checksModel: given.text('checks-model') ?? '' }),
    destinations: save ? [save.target.destination] : [],
  };
  requireSound(request);
  const order = { request, save, issues: issues === null ? null : readIssues(issues) };
  return { ...order, source: await prepareSource(given.text('source'), given.text('ref')) };
}

async function readSave(given: Arguments): Promise<Order['save']> {
  const text = given.text('export');
  const force = given.flag('force');
  if (text === null) return null;
  const target = readExportTarget(text);
  await requireWritable(target, { force });
  return { target, force };
}

/** Throws UsageError for what cannot be meant. */
export async function readAgent(
  given: Arguments,
): Promise<Pick<CreateRunInput, 'agent' | 'agentOptions' | 'model' | 'budgetUsd'>> {
  const script = given.text('script');
  const agent = given.text('agent') ?? (script === null ? defaultAgent : 'scripted');
  if (script !== null && agent !== 'scripted')
    throw new UsageError(`--script belongs to the agent scripted, not to ${agent}.`);
  if (script === null && agent === 'scripted')
    throw new UsageError('The agent scripted needs its script: --script FILE');
  const model = given.text('model');
  if (model !== null && !/^[^/\s]+\/\S+$/.test(model))
    throw new UsageError(`--model is written PROVIDER/MODEL, not '${model}'.`);
  const budget = given.text('budget');
  if (budget !== null && !(Number(budget) > 0 && Number.isFinite(Number(budget))))
    throw new UsageError(`--budget is an amount in US dollars above 0, not '${budget}'.`);
  return {
    agent,
    ...(script === null ? {} : { agentOptions: await readScriptFile(script) }),
    ...(model === null ? {} : { model }),
    ...(budget === null ? {} : { budgetUsd: Number(budget) }),
  };
}

function readAutonomy(given: Arguments): Pick<CreateRunInput, 'autonomy' | 'deliverUnproven'> {
  const auto = given.flag('auto-approve');
  const unproven = given.flag('deliver-unproven');
  if (unproven && !auto)
    throw new UsageError(
      `--deliver-unproven goes with --auto-approve; without it you approve the result yourself: ${typed('approve RUN --unproven')}`,
    );
  return { autonomy: auto ? 'auto' : 'approve-plan', deliverUnproven: unproven };
}

/** The server's own rules, applied before there is one. */
function requireSound(request: CreateRunInput): void {
  const { error } = CreateRun.safeParse(request);
  if (error) throw new UsageError(error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n'));
}

/** A server of our own is unknown to the person's browser: its address has to let them in. */
async function whereToLook({ client, url, own }: Connection, id: string): Promise<string> {
  return own ? `To watch in a browser: ${await client.loginLink()}` : `${url}/runs/${id}`;
}

async function createRun(client: Client, order: Order): Promise<string> {
  if (order.request.agent !== defaultAgent) await requireAgent(client, order.request.agent ?? defaultAgent);
  const { request, issues } = order;
  const asked = issues === null ? [] : await issueWishes(client, issues);
  const requirements = [...(request.requirements ?? []), ...asked];
  if (requirements.length > limits.requirements)
    throw new UsageError(`These are ${requirements.length} requirements; a run takes at most ${limits.requirements}.`);
  const source = await order.source.send(client);
  return (await client.runs.create({ ...request, requirements, source })).id;
}

async function requireAgent(client: Client, id: string): Promise<void> {
  const agents = await client.agents.list();
  const card = agents.find((agent) => agent.id === id);
  const ids = agents.map((agent) => agent.id);
  if (!card) {
    const meant = nearest(id, ids);
    throw new UsageError(
      `There is no agent ${id}${meant ? `; did you mean ${meant}?` : `; there are ${ids.join(', ')}.`}`,
    );
  }
  if (!card.available) throw new CliError(`The agent ${id} cannot be used here: ${card.why}`);
}
