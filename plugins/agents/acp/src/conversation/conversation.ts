import {
  client,
  methods,
  ndJsonStream,
  type ClientConnection,
  type PermissionOption,
  type RequestPermissionRequest,
  type RequestPermissionResponse,
  type StopReason,
} from '@agentclientprotocol/sdk';
import { DomainError, type Workspace } from '@devfactory/kit';
import { startBridged, type Bridge, type Started } from './bridge.ts';
import { greet, type Greeting, type Wish } from './greeting.ts';
import { Heard, type OwnCall } from './heard.ts';

export type Decision = 'allow' | 'reject' | 'ask';

/** Something the agent may not do before it is told so. */
export interface Permission {
  readonly kind: string;
  readonly title: string;
}

export interface Listening {
  /** What to say; null: it goes on with what it is at. */
  readonly say: string | null;
  readonly decide: (permission: Permission) => Decision;
  readonly signal: AbortSignal;
}

export interface Part {
  readonly text: string;
  readonly calls: readonly OwnCall[];
  /** Why the agent stopped; null while it waits for a permission. */
  readonly stop: StopReason | 'died' | null;
  /** What a person has to decide. */
  readonly asks: Permission | null;
}

export interface Opening extends Wish {
  readonly started: Started;
  /** Milliseconds without a word after which an agent counts as hung. */
  readonly silenceMs: number;
}

interface Waiting extends Permission {
  readonly callId: string;
  readonly options: readonly PermissionOption[];
  answer(response: RequestPermissionResponse): void;
}

/** Questions that wait at once; whoever asks more is not answered by a person anyway. */
const mostWaiting = 1000;

/** From nothing to a session: some load a hundred megabytes first. */
const startMs = 180_000;

/**
 * One session with an agent that runs in the sandbox. It is heard in parts: a part ends where the agent asks before it changes something
 * and has changed something before, so that what it did is safe before it goes on.
 */
export class Conversation {
  readonly workspace: Workspace;
  readonly #bridge: Bridge;
  readonly #heard = new Heard();
  readonly #silenceMs: number;
  readonly #connection: ClientConnection;
  #greeting: Greeting | null = null;
  #waiting: Waiting[] = [];
  #prompting = false;
  #stop: Part['stop'] = null;
  #spoke = performance.now();
  #wake = Promise.withResolvers<void>();

  private constructor(workspace: Workspace, bridge: Bridge, silenceMs: number) {
    this.workspace = workspace;
    this.#bridge = bridge;
    this.#silenceMs = silenceMs;
    this.#connection = client({ name: 'ai-devfactory' })
      .onRequest(methods.client.session.requestPermission, ({ params }) => this.#ask(params))
      .onNotification(methods.client.session.update, ({ params }) => {
        this.#heard.take(params);
        this.#stir();
      })
      .connect(ndJsonStream(bridge.input, bridge.output));
    void this.#connection.closed.then(() => this.#stir());
  }

  /** Starts the agent and a session with it. Throws DomainError agent_not_started, agent_protocol. */
  static async open(workspace: Workspace, opening: Opening, signal: AbortSignal): Promise<Conversation> {
    const bridge = await startBridged(workspace, opening.started, signal);
    const conversation = new Conversation(workspace, bridge, opening.silenceMs);
    try {
      const both = AbortSignal.any([signal, AbortSignal.timeout(startMs)]);
      conversation.#greeting = await until(both, greet(conversation.#connection.agent, opening));
      // One that takes a session up tells it all again; that is known.
      conversation.#heard.forget();
      return conversation;
    } catch (error) {
      const words = conversation.alive ? bridge.words() : await bridge.lastWords();
      await conversation.end();
      if (signal.aborted || error instanceof DomainError) throw error;
      throw new DomainError('agent_not_started', 'unavailable', {
        message: `The agent did not begin: ${messageOf(error)}${words === '' ? '' : `\n${words}`}`,
        cause: error,
      });
    }
  }

  get greeting(): Greeting {
    if (!this.#greeting) throw new Error('the conversation did not begin');
    return this.#greeting;
  }

  /** Settles when the agent can be heard no more. */
  get closed(): Promise<void> {
    return this.#connection.closed;
  }

  get alive(): boolean {
    return !this.#connection.signal.aborted;
  }

  /** It was asked something and has not come to its end. */
  get underWay(): boolean {
    return this.#prompting;
  }

  /** Goes on until there is something to keep. Throws DomainError agent_silent, and the signal's reason after the agent was told to stop. */
  async listen({ say, decide, signal }: Listening): Promise<Part> {
    if (say !== null) {
      if (this.#prompting) await this.#interrupt();
      this.#prompt(say);
    } else this.#decide(decide, true);
    this.#spoke = performance.now();
    for (;;) {
      const woken = this.#wake.promise;
      if (signal.aborted) {
        await this.#interrupt();
        throw signal.reason;
      }
      if (!this.alive) {
        this.#heard.endOpen();
        return this.#died();
      }
      if (!this.#prompting && this.#stop === 'died') return this.#died();
      if (!this.#prompting) return { ...this.#heard.flush(), stop: this.#stop, asks: null };
      const asks = this.#waiting.find((permission) => decide(permission) === 'ask');
      const waiting = new Set(this.#waiting.map(({ callId }) => callId));
      if (waiting.size > 0 && !this.#heard.isBusy(waiting)) {
        if (asks) return { ...this.#heard.flush(), stop: null, asks };
        if (this.#heard.changed) return { ...this.#heard.flush(), stop: null, asks: null };
        this.#decide(decide, false);
      }
      await this.#hear(woken, signal);
    }
  }

  /** What the agent said beside the protocol. */
  words(): string {
    return this.#bridge.words();
  }

  async end(): Promise<void> {
    this.#connection.close();
    await this.#bridge.end().catch(() => undefined);
  }

  /** After what it said last has come. */
  async #died(): Promise<Part> {
    await this.#bridge.lastWords();
    return { ...this.#heard.flush(), stop: 'died', asks: null };
  }

  #prompt(text: string): void {
    this.#prompting = true;
    this.#stop = null;
    const asked = this.#connection.agent.request(methods.agent.session.prompt, {
      sessionId: this.greeting.sessionId,
      prompt: [{ type: 'text', text }],
    });
    const ended = (stop: Part['stop']): void => {
      this.#prompting = false;
      this.#stop = stop;
      this.#heard.endOpen();
      this.#stir();
    };
    asked.then(
      ({ stopReason }) => ended(stopReason),
      () => ended('died'),
    );
  }

  #ask({ toolCall, options }: RequestPermissionRequest): Promise<RequestPermissionResponse> {
    if (this.#waiting.length >= mostWaiting) return Promise.resolve({ outcome: { outcome: 'cancelled' } });
    return new Promise((answer) => {
      this.#heard.takeCall({ ...toolCall, status: null });
      const { toolCallId: callId, kind, title } = toolCall;
      this.#waiting.push({ callId, kind: kind ?? 'other', title: (title ?? '').slice(0, 300), options, answer });
      this.#stir();
    });
  }

  /** Answers what waits. With `all` also what a person would have been asked: they answered by letting it go on. */
  #decide(decide: Listening['decide'], all: boolean): void {
    const open = this.#waiting;
    this.#waiting = [];
    for (const permission of open) {
      const decision = decide(permission);
      if (decision === 'ask' && !all) this.#waiting.push(permission);
      else permission.answer(answerOf(permission.options, decision === 'allow'));
    }
  }

  /** Tells it to stop and waits a little until it did; one that does not is ended. */
  async #interrupt(): Promise<void> {
    for (const permission of this.#waiting.splice(0)) permission.answer({ outcome: { outcome: 'cancelled' } });
    if (!this.#prompting || !this.alive) return;
    await this.#connection.agent
      .notify(methods.agent.session.cancel, { sessionId: this.greeting.sessionId })
      .catch(() => undefined);
    const end = AbortSignal.timeout(2000);
    while (this.#prompting && this.alive && !end.aborted) await this.#hear(this.#wake.promise, end);
    if (this.#prompting) await this.end();
  }

  /** Waits for the agent's next word. Throws DomainError agent_silent after too long without any. */
  async #hear(woken: Promise<void>, signal: AbortSignal): Promise<void> {
    const left = this.#spoke + this.#silenceMs - performance.now();
    if (left <= 0) {
      await this.end();
      throw new DomainError('agent_silent', 'unavailable', {
        message: `The agent said nothing for ${Math.round(this.#silenceMs / 60_000)} minutes and was ended. Resume the run to start it again.`,
      });
    }
    await until(AbortSignal.any([signal, AbortSignal.timeout(Math.ceil(left))]), woken).catch(() => undefined);
  }

  #stir(): void {
    this.#spoke = performance.now();
    this.#wake.resolve();
    this.#wake = Promise.withResolvers();
  }
}

function answerOf(options: readonly PermissionOption[], allowed: boolean): RequestPermissionResponse {
  const wanted = allowed ? ['allow_once', 'allow_always'] : ['reject_once', 'reject_always'];
  const option = wanted.map((kind) => options.find((item) => item.kind === kind)).find((item) => item !== undefined);
  return option
    ? { outcome: { outcome: 'selected', optionId: option.optionId } }
    : { outcome: { outcome: 'cancelled' } };
}

/** The work's outcome, or the signal's reason when that comes first. */
function until<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason);
    if (signal.aborted) return stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
