import type { DeliveryProgress } from '@devfactory/contracts';
import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { factory } from './factory.ts';
import type { LiveAnswer } from './live-answer.ts';
import { openRunStream, type RunSnapshot, type RunStream } from './run-stream.ts';

const idleMs = 15_000;
const open = new Map<string, { stream: RunStream; users: number; closing: ReturnType<typeof setTimeout> | null }>();

/** The run, live, shared by every part of the page that shows it. It stays open a while after the last one, for going back and forth. */
export function useRun(runId: string): RunSnapshot & { readonly retry: () => void } {
  const stream = useMemo(() => streamOf(runId), [runId]);
  useEffect(() => hold(runId), [runId, stream]);
  const snapshot = useSyncExternalStore(stream.subscribe, stream.snapshot);
  return useMemo(() => ({ ...snapshot, retry: stream.retry }), [snapshot, stream]);
}

/** What the run's model writes at this moment, for a step that has no answer yet. */
export function useLiveAnswer(runId: string, step: number): LiveAnswer | null {
  const stream = useMemo(() => streamOf(runId), [runId]);
  const answer = useSyncExternalStore(stream.subscribe, () => stream.snapshot().answer);
  return answer?.step === step ? answer : null;
}

/** How far this delivery is at this moment; null when nothing is known of it. */
export function useDeliveryProgress(runId: string, exportId: string): DeliveryProgress | null {
  const stream = useMemo(() => streamOf(runId), [runId]);
  const progress = useSyncExternalStore(stream.subscribe, () => stream.snapshot().progress);
  return progress?.exportId === exportId ? progress : null;
}

function streamOf(runId: string): RunStream {
  const known = open.get(runId);
  if (known) return known.stream;
  const stream = openRunStream(factory, runId);
  open.set(runId, { stream, users: 0, closing: null });
  return stream;
}

function hold(runId: string): () => void {
  streamOf(runId);
  const entry = open.get(runId);
  if (!entry) return () => undefined;
  entry.users += 1;
  if (entry.closing) clearTimeout(entry.closing);
  return () => {
    entry.users -= 1;
    if (entry.users > 0) return;
    entry.closing = setTimeout(() => {
      entry.stream.close();
      open.delete(runId);
    }, idleMs);
  };
}
