import type { OverlayFile } from '../verify/prepare/prepare.ts';
import { placeOf, type Reach } from './candidates.ts';
import { type ChangedFile, rewritten } from './changed-code.ts';

/** The changed files as they note what of them is executed. */
export interface Probed {
  readonly overlay: readonly OverlayFile[];
  /** What a probed run left in its file, as places. */
  readonly read: (marks: string) => ReadonlySet<string>;
}

/** Lays a probe into each place that has something to mutate. Null when no language of these can be observed. */
export async function probe(files: readonly ChangedFile[]): Promise<Probed | null> {
  const places: string[] = [];
  const overlay: OverlayFile[] = [];
  for (const file of files) {
    const { probes } = file.grammar;
    if (!probes) continue;
    const wanted = new Set(file.sites.map((site) => site.place));
    const content = await rewritten(file, (parsed) =>
      probes(parsed, (node) => {
        const start = node.equals(parsed.root) ? -1 : node.startIndex;
        return wanted.has(start) ? places.push(placeOf(file.path, start)) - 1 : null;
      }),
    );
    if (content !== null) overlay.push({ path: file.path, content, mode: file.mode });
  }
  if (overlay.length === 0) return null;
  return {
    overlay,
    read: (marks) =>
      new Set(marks.split('\n').flatMap((mark) => (/^\d{1,7}$/.test(mark) ? (places[Number(mark)] ?? []) : []))),
  };
}

/** How many checks come by a place. */
export function sharedBy(reaches: Iterable<Reach>): (place: string) => number {
  const counts = new Map<string, number>();
  for (const reach of reaches) for (const place of reach ?? []) counts.set(place, (counts.get(place) ?? 0) + 1);
  return (place) => counts.get(place) ?? 0;
}
