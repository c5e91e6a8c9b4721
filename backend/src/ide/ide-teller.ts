import { setTimeout as pause } from 'node:timers/promises';
import type { Workspace } from '@devfactory/kit';
import type { EventStore } from '../store/event-store.ts';
import { ideTold } from './ide-settings.ts';
import { toldInIde } from './told-in-ide.ts';

export interface IdeTellerParts {
  readonly events: Pick<EventStore, 'state'>;
  /** Wakes whenever events of the run were written. */
  readonly watch: (runId: string, wake: () => void) => () => void;
}

interface Told {
  readonly runId: string;
  readonly workspace: Workspace;
  /** Address of the run in the console. */
  readonly page: string;
}

const betweenMs = 500;

/** Writes what VS Code in a sandbox shows of its run, anew whenever the run goes on, until `signal` aborts. Never throws. */
export async function tellIde(parts: IdeTellerParts, told: Told, signal: AbortSignal): Promise<void> {
  let wake = (): void => undefined;
  let isNew = true;
  const unwatch = parts.watch(told.runId, () => {
    isNew = true;
    wake();
  });
  signal.addEventListener('abort', () => wake(), { once: true });
  try {
    while (!signal.aborted) {
      if (isNew) {
        isNew = false;
        // One that failed (the sandbox is just ending, the database away) is made up for with the next event.
        await write(parts, told).catch(() => undefined);
        await pause(betweenMs, undefined, { signal }).catch(() => undefined);
      } else
        await new Promise<void>((resolve) => {
          wake = resolve;
          if (isNew || signal.aborted) resolve();
        });
    }
  } finally {
    unwatch();
  }
}

async function write({ events }: IdeTellerParts, { runId, workspace, page }: Told): Promise<void> {
  const stdin = `${JSON.stringify(toldInIde(await events.state(runId), page))}\n`;
  const argv = ['sh', '-c', 'cat > "$1.new" && mv -T "$1.new" "$1"', 'sh', ideTold];
  await workspace.exec({ argv, stdin, timeoutMs: 10_000 });
}
