import { readdir } from 'node:fs/promises';
import {
  methods,
  type AgentContext,
  type ContentBlock,
  type RequestPermissionResponse,
  type SessionUpdate,
  type StopReason,
  type ToolCallContent,
} from '@agentclientprotocol/sdk';
import { ApiError, type Client } from '@devfactory/client';
import {
  foldEvent,
  headTree,
  notProven,
  requirementViews,
  type CreateRunInput,
  type RunCommandInput,
  type RunState,
} from '@devfactory/contracts';
import { isAtRest } from '../exit-code.ts';
import { CliError } from '../failure.ts';
import { prepareSource } from '../source/source.ts';
import { layDown } from './lay-down.ts';
import { planOf, said, updatesOf } from './session-updates.ts';

export interface SessionParts {
  readonly id: string;
  /** The editor's folder: the run begins with a copy of it, and its approved result is brought back there. */
  readonly folder: string;
  readonly client: Client;
  readonly request: Pick<CreateRunInput, 'agent' | 'agentOptions' | 'model' | 'budgetUsd'>;
}

const options = [
  { optionId: 'yes', name: 'Approve', kind: 'allow_once' },
  { optionId: 'no', name: 'Not yet', kind: 'reject_once' },
] as const;

/** One conversation of an editor: the first prompt begins a run on the folder, later ones are what a person says to it. */
export class FactorySession {
  readonly #parts: SessionParts;
  #state: RunState | null = null;
  #plan = '';
  #turn: AbortController | null = null;

  constructor(parts: SessionParts) {
    this.#parts = parts;
  }

  /** Ends the turn that goes on, and pauses the run: its work is kept. */
  async cancel(): Promise<void> {
    this.#turn?.abort();
    if (this.#state && !isAtRest(this.#state)) await this.#command({ do: 'pause' }).catch(() => undefined);
  }

  /** One prompt, up to where the run waits for a person or ends. */
  async prompt(blocks: readonly ContentBlock[], editor: AgentContext, signal: AbortSignal): Promise<StopReason> {
    const turn = new AbortController();
    this.#turn = turn;
    const ending = AbortSignal.any([turn.signal, signal]);
    try {
      const text = textOf(blocks);
      let after = this.#state ? await this.#say(this.#state, text) : await this.#begin(text);
      for (;;) {
        const state = await this.#follow({ editor, after, signal: ending });
        if (state === null) return 'cancelled';
        const next = await this.#atRest(state, editor, ending);
        if (next === null) return 'end_turn';
        after = next;
      }
    } catch (error) {
      if (ending.aborted) return 'cancelled';
      if (!(error instanceof ApiError || error instanceof CliError)) throw error;
      await this.#tell(editor, said(error.message));
      return 'end_turn';
    } finally {
      this.#turn = null;
    }
  }

  async #begin(prompt: string): Promise<number> {
    const { client, folder, request } = this.#parts;
    // A folder with nothing in it is how new projects begin.
    const isEmpty = (await readdir(folder)).every((name) => name === '.git');
    const source = await prepareSource(isEmpty ? null : folder);
    try {
      const { id } = await client.runs.create({ prompt, ...request, source: await source.send(client) });
      this.#state = await client.runs.get(id);
      return 0;
    } finally {
      await source.discard();
    }
  }

  /** What a prompt means depends on what the run waits for. */
  async #say(state: RunState, text: string): Promise<number> {
    const question = state.questions.find(({ answer }) => answer === null);
    if (state.paused) await this.#command({ do: 'resume' });
    if (state.stage.name === 'waiting' && state.stage.for === 'answer' && question)
      return this.#command({ do: 'answer', questionId: question.id, answer: text });
    if (state.stage.name === 'waiting' && state.stage.for === 'plan-approval')
      return this.#command({ do: 'return-plan', version: state.plan.proposed, feedback: text });
    const seq = await this.#command({ do: 'feedback', text, mode: 'steer' });
    return state.stage.name === 'failed' ? this.#command({ do: 'resume' }) : seq;
  }

  /** Tells the editor what happens until the run rests; null when the editor left. */
  async #follow(at: {
    readonly editor: AgentContext;
    readonly after: number;
    readonly signal: AbortSignal;
  }): Promise<RunState | null> {
    const { editor, signal } = at;
    const known = this.#state;
    if (!known) return null;
    let state: RunState | null = at.after === 0 ? null : known;
    for await (const event of this.#parts.client.followRun({ runId: known.id, after: state?.seq ?? 0, signal })) {
      const before: RunState | null = state;
      state = foldEvent(before, event);
      this.#state = state;
      for (const update of updatesOf(event, state, before)) await this.#tell(editor, update);
      await this.#tellPlan(editor, state);
      if (state.seq >= at.after && isAtRest(state)) return state;
    }
    return null;
  }

  /** Asks the person what is theirs to decide; null when the turn is over, else from which event on the run goes on. */
  async #atRest(state: RunState, editor: AgentContext, signal: AbortSignal): Promise<number | null> {
    const { stage } = state;
    if (stage.name === 'waiting' && stage.for === 'plan-approval') return this.#askPlan(state, editor, signal);
    if (stage.name === 'waiting' && stage.for === 'review') return this.#askResult(state, editor, signal);
    if (stage.name === 'waiting') {
      const question = state.questions.find(({ answer }) => answer === null);
      const choices = question && question.options.length > 0 ? ` (${question.options.join(' | ')})` : '';
      await this.#tell(editor, said(question ? `${question.question}${choices}` : stage.sentence));
    }
    if (stage.name === 'failed') await this.#tell(editor, said(stage.reason));
    if (stage.name === 'delivered' || stage.name === 'finished') await this.#bringBack(state, editor);
    return null;
  }

  async #askPlan(state: RunState, editor: AgentContext, signal: AbortSignal): Promise<number | null> {
    const version = state.plan.proposed;
    const lines = state.requirements.map(({ id, text }) => {
      const checks = state.checks.filter((check) => check.requirementId === id).map(({ title }) => `\n  - ${title}`);
      return `${id} ${text}${checks.join('')}`;
    });
    const asked = {
      id: `plan ${version}`,
      title: `Approve plan ${version} and lock its checks`,
      text: lines.join('\n'),
    };
    if (await this.#allows(asked, editor, signal)) return this.#command({ do: 'approve-plan', version });
    await this.#tell(editor, said('The plan is not approved. Say what should be different.'));
    return null;
  }

  async #askResult(state: RunState, editor: AgentContext, signal: AbortSignal): Promise<number | null> {
    const tree = headTree(state);
    const open = notProven(state);
    if (tree === null) return null;
    const all = requirementViews(state);
    const title =
      open.length === 0
        ? `Approve the result: all ${all.length} requirements are proven`
        : `Approve the result although ${open.join(', ')} is not proven`;
    const text = all.map((view) => `${view.id} ${view.status}: ${view.text}`).join('\n');
    if (await this.#allows({ id: `result ${tree.slice(0, 12)}`, title, text }, editor, signal))
      return this.#command({ do: 'approve-result', tree, destinations: [] });
    await this.#tell(editor, said('The result is not approved. Say what should be different.'));
    return null;
  }

  async #bringBack(state: RunState, editor: AgentContext): Promise<void> {
    const { written, left } = await layDown(this.#parts.client, state, this.#parts.folder);
    const words = [
      `The approved result is in the folder: ${written.length === 0 ? 'nothing changed' : written.join(', ')}.`,
      ...(left.length === 0 ? [] : [`Left as they are: ${left.join('; ')}.`]),
    ];
    await this.#tell(editor, said(words.join('\n')));
  }

  async #allows(
    { id, title, text }: { readonly id: string; readonly title: string; readonly text: string },
    editor: AgentContext,
    signal: AbortSignal,
  ): Promise<boolean> {
    const content: ToolCallContent[] = [{ type: 'content', content: { type: 'text', text } }];
    const call = { toolCallId: id, title, content, kind: 'other' as const };
    await this.#tell(editor, { sessionUpdate: 'tool_call', ...call, status: 'pending' });
    const { outcome } = await Promise.race<RequestPermissionResponse>([
      editor.request(methods.client.session.requestPermission, {
        sessionId: this.#parts.id,
        toolCall: call,
        options: [...options],
      }),
      left(signal),
    ]);
    const allowed = outcome.outcome === 'selected' && outcome.optionId === 'yes';
    const status = allowed ? 'completed' : 'failed';
    await this.#tell(editor, { sessionUpdate: 'tool_call_update', toolCallId: id, status });
    return allowed;
  }

  async #tellPlan(editor: AgentContext, state: RunState): Promise<void> {
    const update = planOf(state);
    const text = JSON.stringify(update);
    if (text === this.#plan || state.requirements.length === 0) return;
    this.#plan = text;
    await this.#tell(editor, update);
  }

  #tell(editor: AgentContext, update: SessionUpdate): Promise<void> {
    return editor.notify(methods.client.session.update, { sessionId: this.#parts.id, update });
  }

  async #command(command: RunCommandInput): Promise<number> {
    if (!this.#state) throw new CliError('There is no run yet.');
    return (await this.#parts.client.runs.command(this.#state.id, command)).seq;
  }
}

/** An editor that cancels does not always answer what it was asked. */
function left(signal: AbortSignal): Promise<{ readonly outcome: { readonly outcome: 'cancelled' } }> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve({ outcome: { outcome: 'cancelled' } }), { once: true });
  });
}

/** Words, and files by their address or with their text. */
function textOf(blocks: readonly ContentBlock[]): string {
  return blocks
    .map((block) => {
      if (block.type === 'text') return block.text;
      if (block.type === 'resource_link') return `[${block.name}](${block.uri})`;
      if (block.type === 'resource' && 'text' in block.resource)
        return `${block.resource.uri}:\n\`\`\`\n${block.resource.text}\n\`\`\``;
      return '';
    })
    .filter((text) => text !== '')
    .join('\n');
}
