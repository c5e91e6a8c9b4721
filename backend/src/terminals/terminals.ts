import { randomBytes } from 'node:crypto';
import type { Actor, TerminalCard, TerminalSize } from '@devfactory/contracts';
import { DomainError } from '@devfactory/kit';
import type { UnannouncedEdits } from '../edits/unannounced-edits.ts';
import type { LiveWorkspaces } from '../workspaces/live-workspaces.ts';
import { Terminal } from './terminal.ts';

const mostRunning = 20;
const mostEnded = 10;
const lookMs = 15_000;

/** Looks like a terminal that people know, whatever the host's is. */
const environment = {
  TERM: 'xterm-256color',
  COLORTERM: 'truecolor',
  PS1: '\\[\\e[1m\\]\\w\\[\\e[0m\\] \\$ ',
  PROMPT_COMMAND: '',
} as const;

export interface TerminalsParts {
  readonly live: LiveWorkspaces;
  readonly unannounced: UnannouncedEdits;
  /** Milliseconds without a byte in either direction after which a terminal is ended. */
  readonly idleMs: number;
}

/** People's terminals in runs' workspaces. They live as long as this process, as the sandboxes do. */
export class Terminals {
  readonly #parts: TerminalsParts;
  readonly #ofRun = new Map<string, { readonly terminals: Map<string, Terminal>; count: number; opening: number }>();
  readonly #timer: NodeJS.Timeout;

  constructor(parts: TerminalsParts) {
    this.#parts = parts;
    this.#timer = setInterval(() => this.#endIdle(), Math.min(lookMs, parts.idleMs / 2)).unref();
  }

  list(runId: string): TerminalCard[] {
    return [...(this.#ofRun.get(runId)?.terminals.values() ?? [])].map(({ card }) => card);
  }

  /** Throws terminal_missing. */
  find(runId: string, id: string): Terminal {
    const terminal = this.#ofRun.get(runId)?.terminals.get(id);
    if (!terminal)
      throw new DomainError('terminal_missing', 'not-found', {
        message: `Run ${runId} has no terminal ${id}; it was closed, or the factory has been started anew since. Open another one.`,
      });
    return terminal;
  }

  /** Opens the workspace when it is not open. Throws too_many_terminals and what opening throws. */
  async open(runId: string, size: TerminalSize, actor: Actor): Promise<TerminalCard> {
    const run = this.#ofRun.get(runId) ?? { terminals: new Map<string, Terminal>(), count: 0, opening: 0 };
    const running = [...run.terminals.values()].filter(({ ended }) => ended === null).length;
    if (running + run.opening >= mostRunning)
      throw new DomainError('too_many_terminals', 'conflict', {
        message: `Run ${runId} has ${mostRunning} terminals; close one first.`,
      });
    this.#ofRun.set(runId, run);
    run.opening++;
    try {
      const { live, unannounced } = this.#parts;
      const workspace = await live.hold(runId);
      const left = await unannounced.watch(runId, actor);
      const argv = ['bash'];
      const terminal = await workspace.terminal({ argv, env: environment, ...size }).catch(async (error: unknown) => {
        await left();
        await workspace.close();
        throw error;
      });
      const id = `t-${randomBytes(6).toString('hex')}`;
      const made = new Terminal({ id, number: ++run.count, workspace, terminal, left });
      run.terminals.set(id, made);
      dropOldest(run.terminals);
      return made.card;
    } finally {
      run.opening--;
      if (run.count === 0 && run.opening === 0) this.#ofRun.delete(runId);
    }
  }

  /** Ends it and forgets its screen. */
  async close(runId: string, id: string): Promise<void> {
    const terminal = this.find(runId, id);
    this.#ofRun.get(runId)?.terminals.delete(id);
    await terminal.end('The terminal was closed.');
  }

  async closeAll(): Promise<void> {
    clearInterval(this.#timer);
    const all = [...this.#ofRun.values()].flatMap(({ terminals }) => [...terminals.values()]);
    await Promise.all(all.map((terminal) => terminal.end('The factory was stopped.')));
  }

  #endIdle(): void {
    const minutes = Math.round(this.#parts.idleMs / 60_000);
    const reason = `It was ended after ${minutes === 0 ? 'a while' : `${minutes} minutes`} without use.`;
    for (const { terminals } of this.#ofRun.values())
      for (const terminal of terminals.values())
        if (terminal.ended === null && terminal.idleMs > this.#parts.idleMs) void terminal.end(reason);
  }
}

/** Ended ones are kept for what they show, but not for ever. */
function dropOldest(terminals: Map<string, Terminal>): void {
  const ended = [...terminals.values()].filter((terminal) => terminal.ended !== null);
  for (const { id } of ended.slice(0, Math.max(0, ended.length - mostEnded))) terminals.delete(id);
}
