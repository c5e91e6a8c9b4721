import type { ManifestEntry } from '@devfactory/contracts';
import { byKey, keyOf } from './paths.ts';

interface Pair {
  readonly key: string;
  readonly before: ManifestEntry | null;
  readonly after: ManifestEntry | null;
}

/**
 * What two lists in byte order of the path say of each path. An entry that is one object in both is passed over, unless `isTold`
 * wants it all the same.
 */
export function* sideBySide(
  a: readonly ManifestEntry[],
  b: readonly ManifestEntry[],
  isTold: (entry: ManifestEntry) => boolean = () => false,
): Iterable<Pair> {
  for (let [i, j] = [0, 0]; i < a.length || j < b.length;) {
    const [before, after] = [a[i] ?? null, b[j] ?? null];
    if (before !== null && before === after && !isTold(before)) {
      i += 1;
      j += 1;
      continue;
    }
    const [keyBefore, keyAfter] = [before && keyOf(before), after && keyOf(after)];
    const order = keyBefore === null ? 1 : keyAfter === null ? -1 : byKey(keyBefore, keyAfter);
    if (order <= 0) i += 1;
    if (order >= 0) j += 1;
    yield {
      key: (order > 0 ? keyAfter : keyBefore) ?? '',
      before: order > 0 ? null : before,
      after: order < 0 ? null : after,
    };
  }
}
