import {
  refuseCommand,
  type CheckpointPage,
  type Comparison,
  type RestorePreview,
  type RunState,
} from '@devfactory/contracts';
import { compareCheckpoints } from '@devfactory/engine';
import type { BlobStore } from '@devfactory/kit';
import type { EventStore } from '../store/event-store.ts';
import { checkpointOf } from './checkpoint-of.ts';
import type { CompareQuery, PageQuery, PreviewQuery } from './shapes.ts';

/** A run's checkpoints beside each other: what they are, how they differ, what going back would change. */
export class HistoryReading {
  readonly #events: EventStore;
  readonly #blobs: BlobStore;

  constructor(events: EventStore, blobs: BlobStore) {
    this.#events = events;
    this.#blobs = blobs;
  }

  async list(runId: string, { offset, limit }: PageQuery): Promise<CheckpointPage> {
    const { checkpoints, checkpointNames, pinned, head } = await this.#events.state(runId);
    const end = offset + limit;
    return {
      checkpoints: checkpoints.slice(offset, end).map((checkpoint) => ({
        ...checkpoint,
        name: checkpointNames[checkpoint.id] ?? null,
        pinned: pinned.includes(checkpoint.id),
        head: checkpoint.id === head,
      })),
      next: end < checkpoints.length ? end : null,
    };
  }

  async compare(runId: string, query: CompareQuery): Promise<Comparison> {
    const state = await this.#events.state(runId);
    const base = state.checkpoints.find((item) => item.reason === 'base')?.id ?? null;
    return compareCheckpoints(this.#blobs, {
      ...query,
      from: checkpointOf(state, query.from ?? base),
      to: checkpointOf(state, query.to ?? state.head),
      paths: null,
    });
  }

  /** Compared with the head: what the workspace holds beyond it is kept as a checkpoint before anything changes. */
  async preview(runId: string, checkpointId: string, query: PreviewQuery): Promise<RestorePreview> {
    const state = await this.#events.state(runId);
    const paths = query.path ?? null;
    const comparison = await compareCheckpoints(this.#blobs, {
      from: checkpointOf(state, state.head),
      to: checkpointOf(state, checkpointId),
      scope: 'all',
      paths,
      offset: query.offset,
      limit: query.limit,
    });
    const refusal = refuseCommand(state, { do: 'restore', checkpointId, ...(paths ? { paths } : {}) });
    return { comparison, refusal, when: callRuns(state) ? 'after-call' : 'now', sentence: sentenceFor(state) };
  }
}

function callRuns({ steps, paused }: RunState): boolean {
  const step = steps.at(-1);
  return !paused && step !== undefined && !step.ended && step.calls.some((call) => call.outcome === 'running');
}

function sentenceFor(state: RunState): string {
  const turn = state.turns.at(-1);
  const works = turn !== undefined && turn.outcome === null;
  return [
    'The files as they are now are kept as a checkpoint first, so this can be undone.',
    works ? 'The agent’s turn ends here: a call that runs is let finish, those after it never begin.' : '',
    state.approval ? 'The approval of the result ends; what was delivered stays delivered.' : '',
  ]
    .filter((part) => part !== '')
    .join(' ');
}
