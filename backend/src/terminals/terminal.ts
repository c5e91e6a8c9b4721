import { setTimeout as pause } from 'node:timers/promises';
import type { TerminalCard, TerminalEnd, TerminalSize } from '@devfactory/contracts';
import { DomainError, type Workspace, type WorkspaceTerminal } from '@devfactory/kit';
import { Scrollback } from './scrollback.ts';
import type { Viewer } from './viewer.ts';

const scrollbackBytes = 1024 * 1024;
/** A browser that is further behind holds the programs up, and one that says nothing for so long holds up nobody. */
const behindBytes = 512 * 1024;
const awayMs = 5_000;
const goneMs = 3_000;
const mostUntyped = 4 * 1024 * 1024;

export interface TerminalParts {
  readonly id: string;
  readonly number: number;
  /** A hold on the sandbox of its own, given back at its end. */
  readonly workspace: Workspace;
  readonly terminal: WorkspaceTerminal;
  /** Called at its end, before the hold is given back. */
  readonly left: () => Promise<void>;
}

/**
 * A person's terminal, whoever looks at it. It is read all the time while nobody looks, so that work goes on; while somebody does,
 * no faster than the fastest of them can show it.
 */
export class Terminal {
  readonly id: string;
  readonly openedAt = new Date();
  readonly scrollback = new Scrollback(scrollbackBytes);
  readonly #parts: TerminalParts;
  readonly #viewers = new Set<Viewer>();
  #lastUse = performance.now();
  #ended: TerminalEnd | null = null;
  #typing: Promise<void> = Promise.resolve();
  #untyped = 0;
  /** Why it is being ended, when it does not end by itself. */
  #reason: string | null = null;
  #room: (() => void) | null = null;
  readonly #over: Promise<void>;

  constructor(parts: TerminalParts) {
    this.id = parts.id;
    this.#parts = parts;
    this.#over = this.#read();
  }

  get card(): TerminalCard {
    const { id, number } = this.#parts;
    return { id, number, openedAt: this.openedAt.toISOString(), ended: this.#ended };
  }

  get ended(): TerminalEnd | null {
    return this.#ended;
  }

  /** Milliseconds since something was typed or shown. */
  get idleMs(): number {
    return performance.now() - this.#lastUse;
  }

  /** Shows it to one more; gives back what takes them away again. */
  attach(viewer: Viewer): () => void {
    this.#viewers.add(viewer);
    viewer.show();
    return () => {
      this.#viewers.delete(viewer);
      this.wake();
    };
  }

  /** A viewer has shown more, or went away. */
  wake(): void {
    this.#room?.();
  }

  /** What comes while a program does not read waits its turn, up to a limit; what is typed beyond it is lost, as on any terminal. */
  type(bytes: Uint8Array): void {
    this.#lastUse = performance.now();
    if (this.#ended !== null || this.#untyped + bytes.length > mostUntyped) return;
    this.#untyped += bytes.length;
    this.#typing = this.#typing.then(async () => {
      await this.#parts.terminal.write(bytes).catch(ignoreEnd);
      this.#untyped -= bytes.length;
    });
  }

  async resize(size: TerminalSize): Promise<void> {
    if (this.#ended === null) await this.#parts.terminal.resize(size).catch(ignoreEnd);
  }

  /** Ends what runs in it, with a sentence for those who look. */
  async end(reason: string): Promise<void> {
    this.#reason ??= reason;
    await this.#parts.terminal.kill().catch(ignoreEnd);
    await this.#over;
  }

  async #read(): Promise<void> {
    const { terminal, workspace, left } = this.#parts;
    try {
      for await (const bytes of terminal.output) {
        this.#lastUse = performance.now();
        this.scrollback.push(bytes);
        for (const viewer of this.#viewers) viewer.show();
        await this.#untilShown();
      }
      const { exitCode, signal } = await terminal.exited;
      this.#ended = { sentence: this.#reason ?? sentenceOf(exitCode, signal), exitCode, signal };
    } catch (error) {
      const sentence = this.#reason ?? (await reasonOf(error, workspace));
      this.#ended = { sentence, exitCode: null, signal: null };
    }
    for (const viewer of this.#viewers) viewer.show();
    await left();
    await workspace.close().catch(ignoreEnd);
  }

  async #untilShown(): Promise<void> {
    while (this.#reason === null && !this.#hasRoom()) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#room = resolve;
      const timer = setTimeout(resolve, awayMs);
      await promise;
      clearTimeout(timer);
    }
    this.#room = null;
  }

  #hasRoom(): boolean {
    const looking = [...this.#viewers].filter((viewer) => viewer.silentMs < awayMs);
    return looking.length === 0 || looking.some((viewer) => this.scrollback.end - viewer.shown < behindBytes);
  }
}

function sentenceOf(exitCode: number | null, signal: string | null): string {
  if (signal !== null) return `The shell was ended by ${signal}.`;
  return exitCode === 0 ? 'The shell ended.' : `The shell ended with exit code ${exitCode}.`;
}

/** A sandbox that ended by itself says why, a moment later. */
async function reasonOf(error: unknown, workspace: Workspace): Promise<string> {
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof DomainError && error.code === 'workspace_gone')) return message;
  return Promise.race([workspace.gone, pause(goneMs, message, { ref: false })]);
}

/** It ended meanwhile: whoever reads it is told. */
function ignoreEnd(): void {}
