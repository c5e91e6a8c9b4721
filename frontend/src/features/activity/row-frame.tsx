import type { ReactNode } from 'react';

interface Props {
  readonly mark: ReactNode;
  readonly title: ReactNode;
  readonly note?: ReactNode;
  readonly children?: ReactNode;
  readonly last: boolean;
  readonly chosen?: boolean;
}

/** One row on the line that joins them: form, title, moment. */
export function RowFrame({ mark, title, note, children, last, chosen = false }: Props) {
  return (
    <div
      className={`relative grid grid-cols-[18px_minmax(0,1fr)_auto] gap-x-2.5 pt-[7px] ${last ? 'pb-5' : 'pb-[7px]'} ${chosen ? '-mx-2 rounded-lg bg-panel px-2 shadow-[0_0_0_1px_var(--line)]' : ''}`}
    >
      {!last && (
        <span
          aria-hidden="true"
          className={`absolute top-[30px] -bottom-[3px] w-px bg-line ${chosen ? 'left-[16.5px]' : 'left-[8.5px]'}`}
        />
      )}
      <span className="pt-px">{mark}</span>
      <div className="min-w-0">
        <div className="flex flex-wrap items-center gap-x-2 gap-y-0.5">{title}</div>
        {children}
      </div>
      <span className="text-small text-ink-3">{note}</span>
    </div>
  );
}
