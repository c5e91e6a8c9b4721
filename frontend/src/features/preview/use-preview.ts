import type { PreviewState } from '@devfactory/contracts';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { factory } from '../../api/factory.ts';

export interface LivePreview {
  /** Null until the first answer. */
  readonly state: PreviewState | null;
  readonly error: unknown;
  /** Grows when the server was away: what it let in before is no longer let in. */
  readonly generation: number;
  readonly retry: () => void;
}

/** What the run's workspace serves, live. As long as it is looked at, what was started runs on. */
export function usePreview(runId: string): LivePreview {
  const [state, setState] = useState<PreviewState | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [generation, setGeneration] = useState(0);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    const aborter = new AbortController();
    let wasAway = false;
    const onConnection = (connection: 'live' | 'reconnecting'): void => {
      if (connection === 'live' && wasAway) setGeneration((now) => now + 1);
      wasAway = connection === 'reconnecting';
    };
    const follow = async (): Promise<void> => {
      for await (const next of factory.previews.follow(runId, { signal: aborter.signal, onConnection })) setState(next);
    };
    follow().catch((reason: unknown) => {
      if (!aborter.signal.aborted) setError(reason);
    });
    return () => aborter.abort();
  }, [runId, attempt]);
  const retry = (): void => {
    setError(null);
    setAttempt((now) => now + 1);
  };
  return { state, error, generation, retry };
}

export function useServer(runId: string) {
  const start = useMutation({ mutationFn: () => factory.previews.start(runId) });
  const stop = useMutation({ mutationFn: () => factory.previews.stop(runId) });
  return { start, stop };
}
