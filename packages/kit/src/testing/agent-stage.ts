import {
  foldEvent,
  PlanProposal,
  type CreateRun,
  type FeedbackRecord,
  type NewEvent,
  type RunState,
  type ToolCall,
  type ToolResult,
} from '@devfactory/contracts';
import type { Agent, PastStep, StepInput } from '../agent.ts';
import type { StepModel } from '../model.ts';

/** What the stage does with a call that is neither a plan proposal nor `finish`. */
export type AnswerCall = (call: ToolCall) => Promise<ToolResult> | ToolResult;

export interface PlayedTurn {
  readonly steps: readonly PastStep[];
  readonly calls: readonly ToolCall[];
  readonly text: string;
  /** True when the agent ended the turn itself. */
  readonly finished: boolean;
}

export interface PlayOptions {
  readonly purpose: StepInput['purpose'];
  readonly feedback?: readonly string[];
  readonly maxSteps?: number;
}

const digest = '0'.repeat(64);

/** Plays turns of one agent against a folded state, without an engine: enough of a run to see what an agent asks for. */
export class AgentStage {
  readonly agent: Agent;
  readonly request: CreateRun;
  state: RunState;
  /** What agents that need a model ask. */
  model: StepModel | null = null;
  history: PastStep[] = [];
  readonly #answer: AnswerCall;
  readonly #steering: string[] = [];

  constructor(agent: Agent, request: CreateRun, answer: AnswerCall) {
    this.agent = agent;
    this.request = request;
    this.#answer = answer;
    this.state = foldEvent(null, {
      runId: 'run_aaaaaaaaaaaaaaaa',
      seq: 1,
      at: '2026-01-01T00:00:00.000Z',
      actor: { kind: 'factory' },
      type: 'run.created',
      data: { name: 'stage', request: withoutText(request), body: digest, promptHead: request.prompt.slice(0, 2000) },
    });
    for (const wish of request.requirements) this.#addRequirement({ ...wish, origin: 'person' });
    this.baseCheckpoint(0);
  }

  /** Records an event, as the engine or a person would. */
  record(event: NewEvent): void {
    const place = { runId: this.state.id, seq: this.state.seq + 1, at: '2026-01-01T00:00:00.000Z' };
    this.state = foldEvent(this.state, { ...event, ...place });
  }

  /** A person's words for the next step; for tests that speak from within a turn. */
  steer(text: string): void {
    this.#steering.push(text);
  }

  /** The base checkpoint with so many files; the last one made counts. */
  baseCheckpoint(files: number): void {
    const kept = this.state.checkpoints.filter((item) => item.reason !== 'base');
    this.state = { ...this.state, checkpoints: kept };
    this.record({
      type: 'checkpoint.made',
      actor: { kind: 'factory' },
      data: {
        checkpoint: {
          id: 'ck-0',
          label: 'base',
          reason: 'base',
          step: null,
          manifest: digest,
          tree: digest,
          packs: [],
          files,
          bytes: 0,
          leftOut: [],
          torn: false,
          changed: { added: files, modified: 0, removed: 0 },
        },
      },
    });
  }

  /** One turn, step by step, until the agent ends it or `maxSteps` are taken. */
  async play(options: PlayOptions): Promise<PlayedTurn> {
    const turn = this.state.turns.length + 1;
    this.record({
      type: 'turn.started',
      actor: { kind: 'factory' },
      data: { turn, purpose: options.purpose, why: 'stage' },
    });
    const before = this.history.length;
    let feedback = this.#giveFeedback(options.feedback ?? []);
    let finished = false;
    while (!finished && this.history.length - before < (options.maxSteps ?? 50)) {
      finished = await this.#step({ turn, purpose: options.purpose, feedback });
      feedback = this.#giveFeedback(this.#steering.splice(0));
    }
    const steps = this.history.slice(before);
    this.record({
      type: 'turn.ended',
      actor: { kind: 'factory' },
      data: { turn, outcome: finished ? 'finished' : 'exhausted', summary: '' },
    });
    return {
      steps,
      calls: steps.flatMap((step) => step.calls),
      text: steps.map((step) => step.text).join('\n'),
      finished,
    };
  }

  async #step(about: Pick<StepInput, 'turn' | 'purpose' | 'feedback'>): Promise<boolean> {
    const step = this.history.length + 1;
    const input: StepInput = {
      state: this.state,
      request: this.request,
      history: this.history,
      model: this.model,
      ...about,
    };
    const output = await this.agent.step(input, new AbortController().signal);
    const results: Record<string, ToolResult> = {};
    for (const call of output.calls) results[call.id] = await this.#take(call);
    this.record({ type: 'step.started', actor: { kind: 'factory' }, data: { step, turn: about.turn } });
    for (const item of about.feedback)
      this.record({ type: 'feedback.delivered', actor: { kind: 'factory' }, data: { feedbackId: item.id, step } });
    const { text, calls, memo = null } = output;
    this.history = [...this.history, { step, turn: about.turn, text, calls, results, memo }];
    return (calls.length === 0 && output.goesOn !== true) || calls.some((call) => call.tool === 'finish');
  }

  async #take(call: ToolCall): Promise<ToolResult> {
    if (call.tool === 'finish') return { outcome: 'ok', text: '', exitCode: null };
    if (call.tool !== 'propose_requirements') return this.#answer(call);
    for (const proposal of PlanProposal.parse(call.input).requirements) {
      if (!proposal.id) this.#addRequirement({ ...proposal, origin: 'agent' });
      else if (proposal.cannot)
        this.record({
          type: 'requirement.declined',
          actor: { kind: 'agent', id: this.agent.id },
          data: { id: proposal.id, reason: proposal.cannot },
        });
    }
    return { outcome: 'ok', text: 'proposed', exitCode: null };
  }

  #addRequirement(wish: Pick<RunState['requirements'][number], 'text' | 'priority' | 'origin' | 'cannot'>): void {
    const id = `R-${this.state.requirements.length + 1}`;
    const { text, priority, origin, cannot } = wish;
    const requirement = { id, version: 1, text, priority, origin, ...(cannot === undefined ? {} : { cannot }) };
    this.record({ type: 'requirement.added', actor: { kind: 'factory' }, data: { requirement } });
  }

  #giveFeedback(texts: readonly string[]): readonly FeedbackRecord[] {
    const before = this.state.feedback.length;
    for (const [index, text] of texts.entries()) {
      const feedbackId = `f-${before + index + 1}`;
      this.record({
        type: 'feedback.given',
        actor: { kind: 'person', name: 'test' },
        data: { feedbackId, mode: 'steer', text },
      });
    }
    return this.state.feedback.slice(before);
  }
}

/** A result that says yes. */
export const answeredOk: ToolResult = { outcome: 'ok', text: '', exitCode: 0 };

function withoutText(request: CreateRun): Omit<CreateRun, 'prompt' | 'requirements' | 'agentOptions'> {
  const { prompt: _prompt, requirements: _requirements, agentOptions: _options, ...rest } = request;
  return rest;
}
