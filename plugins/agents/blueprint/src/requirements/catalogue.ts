import type { Behaviour } from './behaviour.ts';

/** Everything that the project made of a model does, by key. */
export type Catalogue = ReadonlyMap<string, Behaviour>;

/** In the order in which a person reads them. */
export function derivedBehaviours(catalogue: Catalogue): Behaviour[] {
  const last = ['persist', 'errors', 'readme', 'tests'];
  const derived = [...catalogue.values()].filter((behaviour) => behaviour.derived);
  const rank = ({ key }: Behaviour): number => last.indexOf(key);
  return derived.toSorted((a, b) => rank(a) - rank(b));
}
