import type { RunState } from '@devfactory/contracts';
import { useEffect, useState } from 'react';
import { stopwatch } from '../../words/format.ts';

const rests = ['failed', 'cancelled', 'delivered', 'finished'];

/** Time since the run was made; it stands still once the run rests. */
export function Elapsed({ state }: { readonly state: RunState }) {
  const running = !rests.includes(state.stage.name);
  const now = useNow(running);
  const end = running ? Math.max(now, Date.parse(state.updatedAt)) : Date.parse(state.updatedAt);
  return <time>{stopwatch(end - Date.parse(state.createdAt))}</time>;
}

/** How long nothing new has happened, once that is long enough to wonder: what is waited for takes this long so far. */
export function Waited({ state }: { readonly state: RunState }) {
  const busy = ['queued', 'planning', 'working', 'verifying', 'delivering'].includes(state.stage.name) && !state.paused;
  const waited = useNow(busy) - Date.parse(state.updatedAt);
  return busy && waited >= 5000 ? <span className="text-ink-3"> · for {stopwatch(waited)}</span> : null;
}

function useNow(ticking: boolean): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!ticking) return;
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [ticking]);
  return now;
}
