import type { RunSummary } from '@devfactory/contracts';

/** Ways to order the list; the factory reads it in that order. */
export const orders = {
  newest: 'Newest first',
  active: 'Last active',
  name: 'By name',
  open: 'Least proven',
} as const;
export type Order = keyof typeof orders;

export function isOrder(word: string): word is Order {
  return word in orders;
}

export function ordered(runs: readonly RunSummary[], order: Order): readonly RunSummary[] {
  switch (order) {
    case 'newest':
      return runs;
    case 'active':
      return runs.toSorted((a, b) => b.updatedAt.localeCompare(a.updatedAt));
    case 'name':
      return runs.toSorted((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
    case 'open':
      return runs.toSorted((a, b) => share(a) - share(b));
  }
}

function share({ requirements: { total, proven } }: RunSummary): number {
  return total === 0 ? 0 : proven / total;
}
