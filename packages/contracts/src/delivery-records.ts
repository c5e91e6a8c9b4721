import type { Arrival } from './arrival.ts';
import type { Destination } from './destination.ts';
import type { Actor, EventOf } from './event.ts';
import type { SecretWaiver } from './secret-waiver.ts';

/** One result on its way to one destination. */
export interface ExportRecord {
  readonly id: string;
  readonly destination: Destination;
  readonly state: 'requested' | 'started' | 'delivered' | 'failed';
  readonly tree: string | null;
  readonly location: string | null;
  readonly files: EventOf<'export.delivered'>['data']['files'];
  readonly leftOut: EventOf<'export.delivered'>['data']['leftOut'];
  readonly notes: readonly string[];
  readonly readBack: EventOf<'export.delivered'>['data']['readBack'] | null;
  /** 'awaited' until what arrived was built and tested; null where that is not done. */
  readonly arrival: Arrival | 'awaited' | null;
  readonly reason: string | null;
  /** What became of it there, once that is final. */
  readonly settled: 'merged' | 'closed' | null;
}

/** What a delivery is for went on since, and what became of that. */
export interface BaseRecord {
  readonly exportId: string;
  readonly key: string;
  readonly branch: string;
  readonly why: EventOf<'base.advanced'>['data']['why'];
  readonly state: 'advanced' | 'taken' | 'refused';
  /** Checkpoint that it is merged into; null before that began. */
  readonly into: string | null;
  /** What was taken in; null before. */
  readonly commit: string | null;
  readonly conflicts: readonly string[];
  readonly reason: string | null;
}

/** What looks like secrets and goes all the same, by a person's word. */
export interface WaivedSecrets extends SecretWaiver {
  readonly tree: string;
  readonly by: Actor;
}
