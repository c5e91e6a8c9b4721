import { noUsage, type CreateRun } from '@devfactory/contracts';
import {
  DomainError,
  type Agent,
  type SandboxModels,
  type StepInput,
  type StepOutput,
  type Workspace,
} from '@devfactory/kit';
import { Conversation, type Opening, type Part } from './conversation/conversation.ts';
import type { OwnCall } from './conversation/heard.ts';
import { lastMemo, type Memo } from './memo.ts';
import { AcpOptions, decider, question } from './permissions.ts';
import type { AcpProgram } from './programs/program.ts';
import { tryAgent } from './trial.ts';
import { guidanceAnew, guidanceMark } from './words/guidance.ts';
import { planAgain, planIn } from './words/plan.ts';
import { newsText, purposeText, taskText } from './words/task.ts';

/** How often an agent may die, or answer beside the question, before a person is told. */
const mostInARow = 3;

export interface AcpAgentOptions {
  /** Milliseconds without a word after which an agent counts as hung; default 15 minutes. */
  readonly silenceMs?: number;
}

/**
 * Another vendor's agent as an agent of ours: it lives in the run's sandbox with a home of its own, asks the run's model through the one
 * door there is, and is heard in steps, each with a checkpoint. What it says counts for nothing: requirements, locked checks, verifier and
 * budget are the same as for everybody.
 */
export function createAcpAgent(program: AcpProgram, { silenceMs = 15 * 60_000 }: AcpAgentOptions = {}): Agent {
  /** Sessions that go on, by run. Only a convenience: each can be taken up anew from the run's history. */
  const conversations = new Map<string, Going>();
  const from = program.program;
  return {
    id: program.id,
    title: program.title,
    note: `${program.note} Runs in the sandbox and asks the model you choose${from ? `; fetched from npm at its first use (${from.package} ${from.version})` : ''}.`,
    needsModel: true,
    modelInSandbox: true,
    wire: program.wire,
    ...(from ? { program: from } : {}),
    accept,
    tryOut: (place, signal) =>
      tryAgent(place, { ...startOf(program, place.models), sessionId: null, servers: [], silenceMs }, signal),
    step: (input, signal) => step({ program, conversations, silenceMs }, input, signal),
  };
}

interface Running {
  readonly program: AcpProgram;
  readonly conversations: Map<string, Going>;
  readonly silenceMs: number;
}

/** A session, and the servers of tools that it was begun with. */
interface Going {
  readonly conversation: Conversation;
  readonly servers: string;
}

function accept({ agentOptions }: CreateRun): void {
  const options = AcpOptions.safeParse(agentOptions ?? {});
  if (!options.success)
    throw new DomainError('invalid_agent_options', 'invalid', {
      message: `These options are not right: ${options.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')}`,
    });
}

async function step(running: Running, input: StepInput, signal: AbortSignal): Promise<StepOutput> {
  const memo = lastMemo(input.history);
  const taken = takenPlan(input);
  if (taken) return { ...taken, memo: { ...memo, reminders: 0, tell: null } };
  const { models } = input;
  if (!models || !input.workspace)
    throw new DomainError('models_unreachable', 'unavailable', {
      message: `${running.program.title} runs in the sandbox, and this installation gives it no model there.`,
    });
  const workspace = await input.workspace();
  const { conversation, isNew } = await conversationFor(running, { input, workspace, models, memo, signal });
  const say = wordsFor(input, { conversation, isNew, memo });
  const part: Part = await conversation.listen({ say, decide: decider(running.program.title, input), signal });
  const refused = models.refused();
  if (refused) throw refused;
  return outputOf(running, {
    input,
    memo: {
      ...memo,
      session: conversation.greeting.sessionId,
      guidance: guidanceMark(input.guidance),
      tell: null,
    },
    part,
    conversation,
  });
}

/** A plan that was taken in ends the turn: the agent has no more to say about it. */
function takenPlan({ history, purpose, turn }: StepInput): Pick<StepOutput, 'text' | 'calls' | 'usage'> | null {
  const last = history.at(-1);
  const proposal =
    last?.turn === turn ? last.calls.findLast((call) => call.tool === 'propose_requirements') : undefined;
  if (purpose !== 'plan' || !last || !proposal || last.results[proposal.id]?.outcome !== 'ok') return null;
  return { text: '', calls: [{ id: 'finish', tool: 'finish', input: { summary: '' } }], usage: noUsage };
}

async function conversationFor(
  { program, conversations, silenceMs }: Running,
  at: {
    readonly input: StepInput;
    readonly workspace: Workspace;
    readonly models: SandboxModels;
    readonly memo: Memo;
    readonly signal: AbortSignal;
  },
): Promise<{ readonly conversation: Conversation; readonly isNew: boolean }> {
  const { input, workspace, models, memo, signal } = at;
  const runId = input.state.id;
  const going = conversations.get(runId);
  const servers = input.guidance?.servers ?? [];
  const known = JSON.stringify(servers);
  // Servers are named when a session begins: others are for its next one, once the agent is at rest.
  if (
    going?.conversation.alive &&
    going.conversation.workspace === workspace &&
    (going.servers === known || going.conversation.underWay)
  )
    return { conversation: going.conversation, isNew: false };
  await going?.conversation.end();
  const opening = { ...startOf(program, models), sessionId: memo.session, servers, silenceMs };
  const conversation = await Conversation.open(workspace, opening, signal);
  const kept = { conversation, servers: known };
  conversations.set(runId, kept);
  void conversation.closed.then(() => {
    if (conversations.get(runId) === kept) conversations.delete(runId);
  });
  return { conversation, isNew: !conversation.greeting.resumed };
}

/** What is started, and the mode it is to work in. */
function startOf(program: AcpProgram, models: SandboxModels): Pick<Opening, 'started' | 'mode'> {
  const [command, ...words] = program.command;
  return {
    started: {
      argv: [program.program ? `${programFolder}/node_modules/.bin/${command}` : command, ...words],
      // Beside the project, of this run alone, and still there when the sandbox is opened again: sessions can be taken up.
      home: `/home/dev/.agent-${program.id}`,
      ...program.settings(models),
    },
    mode: program.mode ?? null,
  };
}

/** Where the installed package is seen in the sandbox. */
const programFolder = '/mnt/agent';

/** What the agent is told now; null when it is at work and there is nothing new. */
function wordsFor(
  input: StepInput,
  { conversation, isNew, memo }: { readonly conversation: Conversation; readonly isNew: boolean; readonly memo: Memo },
): string | null {
  const last = input.history.at(-1);
  const turnBegins = last?.turn !== input.turn;
  const news = newsText(input, { turnBegins });
  const refusal = refusedPlan(input);
  const changed = !isNew && guidanceMark(input.guidance) !== memo.guidance;
  const parts = [
    isNew ? taskText(input) : '',
    changed ? guidanceAnew(input.guidance) : '',
    news,
    refusal,
    memo.tell ?? '',
  ];
  const before = last && input.state.turns.find((turn) => turn.turn === last.turn)?.purpose;
  if (!isNew && turnBegins && (before === 'plan') !== (input.purpose === 'plan'))
    parts.push(purposeText(input.purpose));
  const words = parts.filter((part) => part !== '').join('\n\n');
  if (words !== '') return words;
  return conversation.underWay ? null : 'Go on.';
}

function refusedPlan({ history, purpose, turn }: StepInput): string {
  const last = history.at(-1);
  const proposal = last?.turn === turn ? last.calls.find((call) => call.tool === 'propose_requirements') : undefined;
  return purpose === 'plan' && proposal ? planAgain(last?.results[proposal.id]?.text ?? '') : '';
}

function outputOf(
  { program }: Running,
  heard: { readonly input: StepInput; readonly memo: Memo; readonly part: Part; readonly conversation: Conversation },
): StepOutput {
  const { input, memo, part, conversation } = heard;
  const calls = part.calls.map(ownCall);
  const base = { text: part.text, usage: noUsage };
  const calm = { ...memo, deaths: 0, reminders: 0 };
  if (part.asks) {
    const asked = { id: 'ask', tool: 'ask', input: question(program.title, part.asks) };
    return { ...base, calls: [...calls, asked], memo: calm };
  }
  if (part.stop === null) return { ...base, calls, memo: calm, goesOn: true };
  if (part.stop === 'died') {
    const deaths = calls.length > 0 ? 1 : memo.deaths + 1;
    if (deaths >= mostInARow)
      throw new DomainError('agent_died', 'unavailable', {
        message: `${program.title} ended by itself ${deaths} times in a row. ${conversation.words()}`.slice(0, 2000),
      });
    return { ...base, calls, memo: { ...memo, deaths }, goesOn: true };
  }
  if (input.purpose === 'plan') return planned({ base, calls, memo: calm, reminders: memo.reminders + 1, program });
  if (part.stop !== 'end_turn' && memo.reminders < mostInARow)
    return {
      ...base,
      calls,
      memo: { ...calm, reminders: memo.reminders + 1, tell: 'Go on with what is left to do.' },
      goesOn: true,
    };
  const finish = { id: 'finish', tool: 'finish', input: { summary: part.text.slice(-8000) } };
  return { ...base, calls: [...calls, finish], memo: calm };
}

function planned(answer: {
  readonly base: Pick<StepOutput, 'text' | 'usage'>;
  readonly calls: StepOutput['calls'];
  readonly memo: Memo;
  readonly reminders: number;
  readonly program: AcpProgram;
}): StepOutput {
  const { base, calls, memo, reminders, program } = answer;
  const plan = planIn(base.text);
  if (reminders > mostInARow)
    throw new DomainError('agent_without_plan', 'unavailable', {
      message: `${program.title} gave no plan that could be taken, ${mostInARow} times in a row. Resume to try again, or choose another agent or model.`,
    });
  if ('fault' in plan)
    return { ...base, calls, memo: { ...memo, reminders, tell: planAgain(plan.fault) }, goesOn: true };
  const proposal = { id: 'plan', tool: 'propose_requirements', input: plan.proposal as never };
  return { ...base, text: '', calls: [...calls, proposal], memo: { ...memo, reminders } };
}

function ownCall({ id, ...input }: OwnCall): StepOutput['calls'][number] {
  return { id: id.slice(0, 100) || 'call', tool: 'own_tool', input };
}
