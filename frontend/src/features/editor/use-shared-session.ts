import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { factory } from '../../api/factory.ts';
import { SharedSession, type SharedLook } from './shared-session.ts';

const nobody: SharedLook = { status: 'joining', saving: 'saved', others: 0, fault: '' };

/**
 * The file as one that several may type into; null once that is not possible here (no text, not there, no way for WebSockets), when it
 * is edited alone.
 */
export function useSharedSession(
  runId: string,
  path: string,
  wanted: boolean,
): { readonly session: SharedSession | null; readonly look: SharedLook } | null {
  const shared = useQuery({
    queryKey: ['run', runId, 'shared', path],
    queryFn: () => factory.runs.shareFile(runId, path),
    enabled: wanted,
    retry: false,
    staleTime: Infinity,
    gcTime: 0,
  });
  const name = shared.data?.name ?? null;
  const session = useMemo(
    () => (name === null ? null : new SharedSession({ runId, name, user: 'You, in another window' })),
    [runId, name],
  );
  useEffect(() => () => session?.close(), [session]);
  const look = useSyncExternalStore(session?.subscribe ?? never, session?.look ?? (() => nobody));
  if (!wanted || shared.isError || (shared.isSuccess && name === null)) return null;
  return { session, look };
}

function never(): () => void {
  return () => undefined;
}
