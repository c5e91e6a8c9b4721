import type { Actor, PageScreenshot } from '@devfactory/contracts';
import { takeScreenshot } from '@devfactory/engine';
import { type BlobStore, DomainError, type WorkspaceDriver } from '@devfactory/kit';
import type { Database } from '../store/database.ts';
import type { EventStore } from '../store/event-store.ts';
import type { LiveWorkspaces } from '../workspaces/live-workspaces.ts';

export interface ScreenshotParts {
  readonly workspaces: LiveWorkspaces;
  readonly driver: WorkspaceDriver;
  readonly blobs: BlobStore;
  readonly database: Database;
  readonly events: EventStore;
}

export interface ScreenshotOrder {
  readonly port: number;
  readonly path: string;
  readonly width: number;
  readonly height: number;
}

const saidCharacters = 2000;

/** Pictures of what a run's workspace serves, taken by a browser in a sandbox of its own; one at a time. */
export class Screenshots {
  readonly #parts: ScreenshotParts;
  readonly #busy = new Set<string>();

  constructor(parts: ScreenshotParts) {
    this.#parts = parts;
  }

  /** Throws preview_not_up, screenshot_busy, and what taking one throws. */
  async take(runId: string, order: ScreenshotOrder, actor: Actor): Promise<PageScreenshot> {
    if (this.#busy.has(runId))
      throw new DomainError('screenshot_busy', 'conflict', {
        message: `A screenshot of run ${runId} is being taken.`,
        retryAfterSeconds: 2,
      });
    this.#busy.add(runId);
    try {
      return await this.#take(runId, order, actor);
    } finally {
      this.#busy.delete(runId);
    }
  }

  async #take(runId: string, { port, path, width, height }: ScreenshotOrder, actor: Actor): Promise<PageScreenshot> {
    const { workspaces, driver, blobs, database, events } = this.#parts;
    const of = await workspaces.join(runId);
    if (!of)
      throw new DomainError('preview_not_up', 'unavailable', {
        message: 'Nothing runs in this workspace now. Start the preview first.',
      });
    try {
      const look = await takeScreenshot(driver, { of, port, path, size: { width, height } });
      const shot: PageScreenshot = {
        name: `${look.title.trim() || 'Preview'} at :${port}${path}`.slice(0, 100).toWellFormed(),
        digest: await blobs.put(look.bytes),
        width: look.width,
        height: look.height,
        port,
        path,
        status: look.status,
        says: look.text.slice(0, saidCharacters).toWellFormed(),
      };
      await database.transaction(async (sql) => {
        const run = await events.lock(sql, runId);
        await events.append(sql, run, { events: [{ type: 'screenshot.taken', actor, data: shot }] });
      });
      return shot;
    } finally {
      await of.close();
    }
  }
}
