import type { ChangedPath } from '@devfactory/contracts';
import { useState } from 'react';

const key = 'devfactory.viewed';
/** The oldest ticks are forgotten: this is a reader's mark, not a record. */
const most = 2000;

/** Which files this browser's reader has ticked as viewed. A tick belongs to exactly these two contents: a later change has none. */
export function useViewed(): {
  readonly isViewed: (changed: ChangedPath) => boolean;
  readonly setViewed: (changed: ChangedPath, viewed: boolean) => void;
} {
  const [ticks, setTicks] = useState(load);
  return {
    isViewed: (changed) => ticks.has(tickOf(changed)),
    setViewed: (changed, viewed) => {
      const tick = tickOf(changed);
      const next = [...ticks].filter((item) => item !== tick).concat(viewed ? [tick] : []);
      setTicks(new Set(next));
      try {
        localStorage.setItem(key, JSON.stringify(next.slice(-most)));
      } catch {
        // Without storage the ticks live as long as the page.
      }
    },
  };
}

function tickOf({ path, before, after }: ChangedPath): string {
  return [path, before?.slice(0, 12) ?? '', after?.slice(0, 12) ?? ''].join('\n');
}

function load(): ReadonlySet<string> {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? '[]');
    return new Set(Array.isArray(kept) ? kept.filter((item) => typeof item === 'string') : []);
  } catch {
    return new Set();
  }
}
