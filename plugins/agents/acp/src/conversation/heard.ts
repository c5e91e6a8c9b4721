import type { SessionNotification, ToolCallContent, ToolCallUpdate } from '@agentclientprotocol/sdk';

/** A call that the agent carried out with tools of its own, as it tells it. */
export interface OwnCall {
  readonly id: string;
  readonly kind: string;
  readonly title: string;
  readonly outcome: 'ok' | 'error';
  readonly text: string;
}

interface OpenCall {
  readonly kind: string;
  readonly title: string;
  readonly text: string;
  /** It was begun: whoever asks for permission has not. */
  readonly begun: boolean;
}

const mostText = 100_000;
const mostOpen = 200;
const mostEnded = 100;

/** What an agent tells of its work, between two looks at it. All of it is untrusted text. */
export class Heard {
  #text = '';
  #ended: OwnCall[] = [];
  readonly #open = new Map<string, OpenCall>();

  take({ update }: SessionNotification): void {
    if (update.sessionUpdate === 'agent_message_chunk' && update.content.type === 'text')
      this.#text = (this.#text + update.content.text).slice(0, mostText);
    if (update.sessionUpdate === 'tool_call' || update.sessionUpdate === 'tool_call_update') this.takeCall(update);
  }

  /** True while something that may change files goes on, beside calls that wait for a permission. */
  isBusy(waiting: ReadonlySet<string>): boolean {
    return [...this.#open].some(([id, call]) => call.begun && !waiting.has(id) && changesFiles(call.kind));
  }

  /** True when something that may have changed files ended since the last `flush`. */
  get changed(): boolean {
    return this.#ended.some((call) => changesFiles(call.kind));
  }

  /** Everything since the last time. */
  flush(): { readonly text: string; readonly calls: readonly OwnCall[] } {
    const out = { text: this.#text, calls: this.#ended };
    this.#text = '';
    this.#ended = [];
    return out;
  }

  /** What was said so far counts for nothing. */
  forget(): void {
    this.flush();
    this.#open.clear();
  }

  /** What was under way when the agent stopped. */
  endOpen(): void {
    for (const [id, { kind, title, text }] of this.#open)
      this.#end({ id, kind, title, text: text || 'It was not said how this ended.', outcome: 'error' });
    this.#open.clear();
  }

  /** What is told of one call, also with a request for a permission. */
  takeCall(update: ToolCallUpdate): void {
    const before = this.#open.get(update.toolCallId) ?? { kind: 'other', title: '', text: '', begun: false };
    const call: OpenCall = {
      kind: update.kind ?? before.kind,
      title: titleOf(update) || before.title,
      text: textOf(update.content) || before.text,
      begun: before.begun || update.status === 'in_progress',
    };
    if (update.status !== 'completed' && update.status !== 'failed') {
      if (this.#open.size < mostOpen || this.#open.has(update.toolCallId)) this.#open.set(update.toolCallId, call);
      return;
    }
    this.#open.delete(update.toolCallId);
    const { kind, title, text } = call;
    this.#end({ id: update.toolCallId, kind, title, text, outcome: update.status === 'completed' ? 'ok' : 'error' });
  }

  #end(call: OwnCall): void {
    if (this.#ended.length < mostEnded) this.#ended.push(call);
  }
}

/** Of its kinds, those that only look. A kind that is not known may do anything. */
function changesFiles(kind: string): boolean {
  return !['read', 'search', 'think', 'fetch', 'switch_mode'].includes(kind);
}

/** Its title, with the command where the title does not say it. */
function titleOf({ title, rawInput }: ToolCallUpdate): string {
  const { command } = (rawInput ?? {}) as { command?: unknown };
  const words = typeof command === 'string' ? command : '';
  return (words === '' || title?.includes(words) ? (title ?? '') : words).slice(0, 300);
}

function textOf(content: readonly ToolCallContent[] | null | undefined): string {
  return (content ?? [])
    .map((part) => {
      if (part.type === 'diff')
        return `${part.oldText === null || part.oldText === undefined ? 'wrote' : 'changed'} ${part.path}`;
      return part.type === 'content' && part.content.type === 'text' ? part.content.text : '';
    })
    .filter((text) => text !== '')
    .join('\n')
    .slice(0, 20_000);
}
