import { DeliveryProgress, LiveWords, readEvent, RunSummary, type RunEvent } from '@devfactory/contracts';
import { ApiError } from './api-error.ts';
import { followStream, type FollowOptions } from './follow.ts';
import type { Transport } from './transport.ts';

export interface FollowRunOptions extends FollowOptions {
  readonly runId: string;
  /** Seq of the last event that is known already; 0 for all of them. */
  readonly after?: number;
  /** What a model writes at this moment. Pieces may be missing, and none comes twice. */
  readonly onWords?: (words: LiveWords) => void;
  /** How far a delivery is at this moment. Some may be missing. */
  readonly onProgress?: (progress: DeliveryProgress) => void;
}

const gapTries = 3;

/**
 * A run's events from `after` on, each once and in order, for as long as the consumer reads. Reconnects by itself; ends when `signal`
 * aborts. Events of a type that this version does not know are left out. Throws ApiError when the server refuses for good.
 */
export async function* followRun(transport: Transport, options: FollowRunOptions): AsyncGenerator<RunEvent> {
  const path = `/api/runs/${encodeURIComponent(options.runId)}/events`;
  let last = options.after ?? 0;
  const open = (signal: AbortSignal): Promise<Response> =>
    transport.send(path, { query: { after: last }, headers: { accept: 'text/event-stream' }, signal });

  for (let gaps = 0; gaps < gapTries; gaps += 1) {
    for await (const message of followStream({ ...options, open })) {
      if (message.event === 'words') tell(message.data, options);
      if (message.event === 'progress') tellProgress(message.data, options);
      if (message.event !== 'run') continue;
      const seq = Number(message.id);
      if (seq <= last) continue;
      if (seq !== last + 1) break; // An event is missing: ask again from the last one that came.
      last = seq;
      gaps = 0;
      const event = readEvent(JSON.parse(message.data));
      if (event) yield event;
    }
    if (options.signal?.aborted) return;
  }
  const detail = `Run ${options.runId} sends no event ${last + 1}; its log has a gap. See GET /api/runs/${options.runId}/log?after=${last}.`;
  throw new ApiError({ type: 'about:blank', title: 'Gap in the log', status: 0, code: 'event_gap', detail });
}

function tell(data: string, { onWords }: FollowRunOptions): void {
  const words = onWords ? LiveWords.safeParse(JSON.parse(data)) : null;
  if (words?.success) onWords?.(words.data);
}

function tellProgress(data: string, { onProgress }: FollowRunOptions): void {
  const progress = onProgress ? DeliveryProgress.safeParse(JSON.parse(data)) : null;
  if (progress?.success) onProgress?.(progress.data);
}

/** Summaries of runs whenever one changed, e.g. for a list. After a reconnection a summary may come twice or only in its newest form. */
export async function* followFeed(transport: Transport, options: FollowOptions = {}): AsyncGenerator<RunSummary> {
  const open = (signal: AbortSignal): Promise<Response> =>
    transport.send('/api/feed', { headers: { accept: 'text/event-stream' }, signal });
  for await (const message of followStream({ ...options, open })) {
    if (message.event === 'summary') yield RunSummary.parse(JSON.parse(message.data));
  }
}
