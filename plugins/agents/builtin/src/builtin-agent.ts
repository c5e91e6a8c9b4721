import { noUsage, type CreateRun, type Usage } from '@devfactory/contracts';
import {
  DomainError,
  type Agent,
  type ModelAnswer,
  type ModelRequest,
  type StepInput,
  type StepModel,
  type StepOutput,
} from '@devfactory/kit';
import { digestOf, isFull, keptFrom } from './memory/compaction.ts';
import { conversationOf, messagesOf, toldSteps, userMessage, type Told } from './memory/conversation.ts';
import { knownFiles } from './memory/known-files.ts';
import type { Memo } from './memory/memo.ts';
import { offersSkills } from './prompt/guidance.ts';
import { instructionsFor } from './prompt/instructions.ts';
import { notesSince, toldNow } from './prompt/notes.ts';
import { isSilent, nudgeFor } from './prompt/nudges.ts';
import { serverTools } from './prompt/server-tools.ts';
import { taskText } from './prompt/task.ts';
import { toolsFor } from './prompt/tools.ts';
import { replyOf } from './reply.ts';

/** How often a request that the model cannot hold is shortened. */
const mostShortenings = 3;

/** Our own agent: one request to the run's model per step. */
export function createBuiltinAgent(): Agent {
  return {
    id: 'builtin',
    title: 'Built-in',
    note: 'Works with the model you choose: plans requirements with checks, writes code, runs it, and repairs what the verifier did not pass.',
    needsModel: true,
    accept: (_request: CreateRun) => {},
    step,
  };
}

async function step(input: StepInput, signal: AbortSignal): Promise<StepOutput> {
  const { model } = input;
  if (!model) throw new DomainError('model_missing', 'invalid', { message: 'The built-in agent needs a model.' });
  const steps = toldSteps(input.history);
  const ofTurn = steps.filter(({ past }) => past.turn === input.turn);
  if (isSilent(ofTurn)) {
    throw new DomainError('model_silent', 'unavailable', {
      message: `${model.ref} answered with nothing again and again. Resume to try once more, or choose another model.`,
    });
  }
  const phase = input.purpose === 'plan' ? 'plan' : 'work';
  // After an answer of the person counting begins anew.
  const nudge = nudgeFor(sinceAnswer(ofTurn), phase);
  // Who just said something, or wrote into the files, is asked nothing before the model knows of it.
  const isNews = input.feedback.length + (input.edits?.length ?? 0) > 0;
  if (nudge?.kind === 'ask' && !isNews) return askPerson(nudge.question, steps.at(-1)?.memo ?? null, input);
  return ask({ ...input, model }, { steps, phase, nudges: nudge?.kind === 'tell' ? [nudge.text] : [], signal });
}

interface Asking {
  readonly steps: readonly Told[];
  readonly phase: Memo['phase'];
  readonly nudges: readonly string[];
  readonly signal: AbortSignal;
}

async function ask(input: StepInput & { readonly model: StepModel }, asking: Asking): Promise<StepOutput> {
  const { steps, phase, signal } = asking;
  const { model } = input;
  let draft = draftOf(input, asking);
  let usage: Usage = noUsage;
  for (let shortened = 0; ; shortened++) {
    const answer = await model.ask(requestOf(draft, input), signal);
    if (answer.status === 'answered') {
      usage = answer.usage;
      return outputOf(answer, { input, draft, usage });
    }
    if (shortened >= mostShortenings || (draft.kept.length === 0 && shortened > 0)) {
      throw new DomainError('model_context_too_small', 'too-large', {
        message: `Task and requirements alone are more than ${model.ref} can hold. Choose a model with a longer context, then resume. It says: ${answer.reason}`,
      });
    }
    // What the provider calls too long is, whatever was counted: half of the room, then a quarter.
    draft = compacted(
      { input, steps, phase, nudges: asking.nudges },
      model.contextTokens / 2 ** (shortened + 1),
      answer.reason,
    );
  }
}

/** The request that is about to go out, before it is one. */
interface Draft {
  readonly phase: Memo['phase'];
  readonly head: string;
  readonly kept: readonly Told[];
  readonly notes: readonly string[];
  /** What the memo says about a conversation that begins with this step. */
  readonly begins: { readonly keptFrom: number | null } | null;
  readonly compacted: StepOutput['compacted'] | null;
}

function draftOf(input: StepInput & { readonly model: StepModel }, { steps, phase, nudges }: Asking): Draft {
  const { model } = input;
  const open = conversationOf(steps);
  const last = steps.at(-1) ?? null;
  if (open?.phase !== phase) {
    // A phase begins with what it needs to know; what the last one looked at is in the files.
    const before = phase === 'work' ? digestOf(steps.filter(({ memo }) => memo.phase === 'work')) : '';
    const notes = [...notesSince(input, last, true), ...nudges];
    return { phase, head: taskText(input, before), kept: [], notes, begins: { keptFrom: null }, compacted: null };
  }
  if (isFull(open.steps, model.contextTokens, model.outputTokens)) {
    const reason = `The conversation came near the ${model.contextTokens} tokens that ${model.ref} holds.`;
    return compacted({ input, steps, phase, nudges }, model.contextTokens, reason);
  }
  const notes = [...notesSince(input, last, false), ...nudges];
  return { phase, head: open.head, kept: open.steps, notes, begins: null, compacted: null };
}

/** A new conversation: task and requirements in whole, what was done in short, the last steps word for word. */
function compacted(
  from: { readonly input: StepInput } & Pick<Asking, 'steps' | 'phase' | 'nudges'>,
  room: number,
  reason: string,
): Draft {
  const { input, phase } = from;
  const own = from.steps.filter(({ memo }) => memo.phase === phase);
  // Only of the open conversation: behind an older one's steps lie those of a plan.
  const open = conversationOf(from.steps);
  const first = open?.phase === phase ? keptFrom(open.steps, room) : null;
  const kept = first === null ? [] : own.filter(({ past }) => past.step >= first);
  const head = taskText(input, digestOf(own.slice(0, own.length - kept.length)));
  const notes = [...notesSince(input, from.steps.at(-1) ?? null, true), ...from.nudges];
  const tokens = Math.ceil(JSON.stringify(messagesOf(head, kept)).length / 3);
  return {
    phase,
    head,
    kept,
    notes,
    begins: { keptFrom: first },
    compacted: { reason: reason.slice(0, 500), keptFrom: first ?? nextStep(input), tokens },
  };
}

function requestOf(
  draft: Draft,
  { model, state, guidance, history }: StepInput & { readonly model: StepModel },
): ModelRequest {
  const told = toldSteps(history).at(-1)?.memo.told.guidance ?? [];
  const cached = { providerOptions: { anthropic: { cacheControl: { type: 'ephemeral' } } } };
  const messages = [...messagesOf(draft.head, draft.kept), ...draft.notes.map(userMessage)];
  const last = messages.pop();
  return {
    prompt: [
      { role: 'system', content: instructionsFor(draft.phase), ...cached },
      ...messages,
      ...(last ? [{ ...last, ...cached }] : []),
    ],
    tools: toolsFor(draft.phase, { skills: offersSkills(guidance, told), servers: serverTools(guidance) }),
    maxOutputTokens: model.outputTokens,
    providerOptions: {
      openai: { store: false, promptCacheKey: state.id, include: ['reasoning.encrypted_content'] },
      azure: { store: false, promptCacheKey: state.id, include: ['reasoning.encrypted_content'] },
    },
  };
}

function outputOf(
  answer: ModelAnswer & { readonly status: 'answered' },
  about: { readonly input: StepInput; readonly draft: Draft; readonly usage: Usage },
): StepOutput {
  const { input, draft, usage } = about;
  const reply = replyOf(answer.content, {
    finish: answer.finish,
    known: knownFiles(input.history),
    step: nextStep(input),
    servers: serverTools(input.guidance),
  });
  const memo: Memo = {
    v: 1,
    phase: draft.phase,
    head: draft.begins ? draft.head : null,
    keptFrom: draft.begins?.keptFrom ?? null,
    notes: [...draft.notes],
    parts: [...reply.parts],
    told: toldNow(input),
    tokens: usage.inputTokens + usage.outputTokens,
  };
  return {
    text: reply.text,
    calls: reply.calls,
    usage,
    memo,
    goesOn: reply.calls.length === 0 && goesOn(input, reply.text),
    ...(draft.compacted ? { compacted: draft.compacted } : {}),
  };
}

/** A model that only talks is told once to go on or to finish; when it talks again, its turn is over. Silence is no answer at all. */
function goesOn(input: StepInput, text: string): boolean {
  if (text.trim() === '') return true;
  const before = toldSteps(input.history)
    .filter(({ past }) => past.turn === input.turn)
    .at(-1);
  return !(before && before.past.calls.length === 0 && before.past.text.trim() !== '');
}

/** The agent's own question, without a request. */
function askPerson(question: string, last: Memo | null, input: StepInput): StepOutput {
  const toolCallId = `own-${nextStep(input)}`;
  const options = ['Go on another way', 'Stop and finish what is there'];
  const asked = { question, options };
  const memo: Memo | null = last && {
    ...last,
    head: null,
    keptFrom: null,
    notes: [],
    parts: [{ type: 'tool-call', toolCallId, toolName: 'ask', input: asked }],
    // Nothing was said to the model: what it does not know yet it is told next time.
    told: { ...last.told, head: input.state.head },
  };
  return { text: '', calls: [{ id: toolCallId, tool: 'ask', input: asked }], usage: noUsage, memo };
}

function sinceAnswer(steps: readonly Told[]): readonly Told[] {
  const asked = steps.findLastIndex(({ past }) => past.calls.some(({ tool }) => tool === 'ask'));
  return steps.slice(asked + 1);
}

function nextStep({ history }: StepInput): number {
  return (history.at(-1)?.step ?? 0) + 1;
}
