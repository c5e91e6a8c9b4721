import { createHash } from 'node:crypto';
import {
  canonicalJson,
  parseNewEvent,
  type CheckSpec,
  type EventOf,
  type EventType,
  type NewEvent,
  type RunEvent,
} from '@devfactory/contracts';

type Actor = NewEvent['actor'];

export const factory: Actor = { kind: 'factory' };
export const verifier: Actor = { kind: 'verifier' };
export const agent: Actor = { kind: 'agent', id: 'blueprint' };
export const person: Actor = { kind: 'person', name: 'you' };

export function sha(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** A run told event by event, each checked as the store would check it, with the blobs and trees that its events name. */
export class Story {
  readonly id: string;
  readonly events: RunEvent[] = [];
  readonly blobs = new Map<string, string>();
  readonly specs = new Map<string, CheckSpec>();
  /** Checkpoint id -> path -> content. */
  readonly trees = new Map<string, ReadonlyMap<string, string>>();
  #clock: number;

  constructor(id: string, begin: Date) {
    this.id = id;
    this.#clock = begin.getTime();
  }

  tell<T extends EventType>(
    type: T,
    data: EventOf<T>['data'],
    { by = factory, after = 400 }: { by?: Actor; after?: number } = {},
  ): this {
    this.#clock += after;
    const event = parseNewEvent({ type, data, actor: by } as NewEvent);
    this.events.push({
      ...event,
      runId: this.id,
      seq: this.events.length + 1,
      at: new Date(this.#clock).toISOString(),
    });
    return this;
  }

  blob(text: string): string {
    const digest = sha(text);
    this.blobs.set(digest, text);
    return digest;
  }

  spec(checkId: string, spec: CheckSpec): string {
    this.specs.set(checkId, spec);
    return this.blob(canonicalJson(spec));
  }
}
