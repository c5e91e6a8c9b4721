import type { RunState } from '@devfactory/contracts';
import { useEffect, useState } from 'react';
import { stopwatch } from '../../words/format.ts';

const rests = ['failed', 'cancelled', 'delivered', 'finished'];

/** Time since the run was made; it stands still once the run rests. */
export function Elapsed({ state }: { readonly state: RunState }) {
  const running = !rests.includes(state.stage.name);
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!running) return;
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [running]);
  const end = running ? Math.max(now, Date.parse(state.updatedAt)) : Date.parse(state.updatedAt);
  return <time>{stopwatch(end - Date.parse(state.createdAt))}</time>;
}
