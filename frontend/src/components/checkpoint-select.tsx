import type { RunState } from '@devfactory/contracts';
import { cx } from './ui/cx.ts';

interface Props {
  readonly id: string;
  readonly state: RunState;
  /** A checkpoint's id, or one of `also`. */
  readonly value: string;
  /** What can be chosen beside the checkpoints: a value and its words. Default: '' for now. */
  readonly also?: Readonly<Record<string, string>>;
  readonly onChoose: (value: string) => void;
  readonly className?: string;
}

/** More than one reads through in a list. The strip has them all. */
const newest = 40;

/** Chooses one of a run's checkpoints. Its label stands beside it, with `htmlFor`. */
export function CheckpointSelect({ id, state, value, also, onChoose, className }: Props) {
  const others = also ?? { '': state.head ? `now (${state.head})` : 'now' };
  return (
    <select
      id={id}
      value={value}
      onChange={(event) => onChoose(event.target.value)}
      className={cx('tap min-w-0 rounded-md border border-line bg-panel px-1.5 text-ink', className)}
    >
      {Object.entries(others).map(([key, words]) => (
        <option key={key} value={key}>
          {words}
        </option>
      ))}
      {offered(state, value).map((item) => (
        <option key={item.id} value={item.id}>
          {item.id} · {state.checkpointNames[item.id] ?? item.label}
        </option>
      ))}
    </select>
  );
}

/** All while they are few; of many the newest, and those that someone named, pinned or chose. */
function offered(state: RunState, value: string): RunState['checkpoints'] {
  const { checkpoints, checkpointNames, pinned } = state;
  if (checkpoints.length <= newest) return checkpoints;
  return checkpoints.filter(
    ({ id, reason }, index) =>
      index >= checkpoints.length - newest ||
      reason === 'base' ||
      id === value ||
      id in checkpointNames ||
      pinned.includes(id),
  );
}
