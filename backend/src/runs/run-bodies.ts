import { CheckSpec, countedChecks, CreateRun, type Check } from '@devfactory/contracts';
import { DomainError, type BlobStore } from '@devfactory/kit';
import type { EventStore } from '../store/event-store.ts';
import { refersTo } from './referenced-digests.ts';

/** What is too large for events: requests, check specifications, logs. Reads only blobs that the run itself names. */
export class RunBodies {
  readonly #events: EventStore;
  readonly #blobs: BlobStore;

  constructor(events: EventStore, blobs: BlobStore) {
    this.#events = events;
    this.#blobs = blobs;
  }

  /** The request as it was made. */
  async request(runId: string): Promise<CreateRun> {
    const { body } = await this.#events.state(runId);
    return CreateRun.parse(await this.#json(body));
  }

  /** The latest version of a check, with what it asks. */
  async check(runId: string, checkId: string): Promise<{ check: Check; spec: CheckSpec }> {
    const state = await this.#events.state(runId);
    const check = [...state.checks, ...countedChecks(state)].find((item) => item.id === checkId);
    if (!check)
      throw new DomainError('check_missing', 'not-found', { message: `Run ${runId} has no check ${checkId}.` });
    return { check, spec: CheckSpec.parse(await this.#json(check.spec)) };
  }

  /** Size of a blob that this run's events name. Throws blob_missing otherwise, whether it is here or not. */
  async size(runId: string, digest: string): Promise<number> {
    const named = refersTo(await this.#events.naming(runId, digest), digest);
    const size = named ? await this.#blobs.size(digest) : null;
    if (size === null)
      throw new DomainError('blob_missing', 'not-found', { message: `Run ${runId} has no blob ${digest}.` });
    return size;
  }

  stream(digest: string): AsyncIterable<Uint8Array> {
    return this.#blobs.getStream(digest);
  }

  range(digest: string, range: { readonly offset: number; readonly length: number }): Promise<Uint8Array> {
    return this.#blobs.getRange(digest, range);
  }

  async #json(digest: string): Promise<unknown> {
    return JSON.parse(new TextDecoder().decode(await this.#blobs.get(digest)));
  }
}
