import type { RunState } from '@devfactory/contracts';

/** Two checkpoints whose difference is looked at, resolved from the words of the URL. */
export interface ChangeSpan {
  readonly from: string;
  readonly to: string;
}

/** Null while there are not two different checkpoints to compare. */
export function changeSpan(
  state: RunState,
  { base = 'start', ck }: { readonly base?: string | undefined; readonly ck?: string | undefined },
): ChangeSpan | null {
  const ids = state.checkpoints.map((item) => item.id);
  const to = ck !== undefined && ids.includes(ck) ? ck : state.head;
  if (to === null) return null;
  const start = state.checkpoints.find((item) => item.reason === 'base')?.id ?? ids[0];
  const from = base === 'step' ? previous(ids, to) : ids.includes(base) ? base : start;
  return from === undefined || from === to ? null : { from, to };
}

/** The checkpoint right before another one. */
function previous(ids: readonly string[], id: string): string | undefined {
  const index = ids.indexOf(id);
  return index > 0 ? ids[index - 1] : undefined;
}
