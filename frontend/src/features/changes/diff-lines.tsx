import {
  useCallback,
  useEffect,
  useImperativeHandle,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactNode,
  type Ref,
} from 'react';
import { Virtualizer, type VirtualizerHandle } from 'virtua';
import { Scroll } from '../../components/ui/scroll.tsx';
import { changeStarts, type DiffRow } from './diff-rows.ts';

/** What others may ask of the list. */
export interface DiffLinesHandle {
  /** Goes to the next change, or the one before. */
  readonly jump: (by: 1 | -1) => void;
}

interface Props {
  readonly rows: readonly DiffRow[];
  readonly label: string;
  /** Columns that the list is wide, where lines do not wrap; 0 where they do. */
  readonly columns: number;
  /** File that was asked for, -1 for none: it is gone to as soon as its rows are there. */
  readonly file: number;
  /** Another file stands on top now. */
  readonly onFile: (file: number) => void;
  /** A key that is not the list's own; true when it was of use. */
  readonly onKey: (key: string, on: { readonly file: number; readonly row: DiffRow | null }) => boolean;
  readonly head: (file: number) => ReactNode;
  readonly row: (row: DiffRow, look: { readonly here: boolean; readonly moving: boolean }) => ReactNode;
  readonly end?: ReactNode;
  readonly ref?: Ref<DiffLinesHandle>;
}

/** Where a change comes to stand below the upper edge, so that its file's head does not cover it. */
const headroom = 76;

/** All files, one below the other; only the rows in sight are in the page. The head of the file on top stays there. */
export function DiffLines({ rows, label, columns, file, onFile, onKey, head, row, end, ref }: Props) {
  const room = useRef<HTMLDivElement>(null);
  const list = useRef<VirtualizerHandle>(null);
  const [top, setTop] = useState<number | null>(null);
  const [moving, setMoving] = useState(false);
  const { here, jump } = useJump(rows, list);
  const onTop = (): DiffRow | undefined => rows[list.current?.findItemIndex(list.current.scrollOffset) ?? 0];
  const onArrive = useFileInSight({ rows, file, list, onFile });
  useImperativeHandle(ref, () => ({ jump }), [jump]);
  const onScroll = (): void => {
    const first = onTop();
    setMoving(true);
    setTop(first && first.kind !== 'file' ? first.file : null);
  };
  const onScrollEnd = (): void => {
    setMoving(false);
    onArrive(onTop()?.file ?? 0);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== event.currentTarget) return;
    if (event.key === 'j' || event.key === 'k') jump(event.key === 'j' ? 1 : -1);
    else {
      const file = onTop()?.file ?? 0;
      const chosen = rows.find((item) => item.key === here) ?? null;
      if (!onKey(event.key, { file: chosen?.file ?? file, row: chosen })) return;
    }
    event.preventDefault();
  };
  return (
    <div className="relative flex min-h-0 min-w-0 flex-1 flex-col">
      {top !== null && <div className="absolute inset-x-0 top-0 z-10 pr-[11px]">{head(top)}</div>}
      <Scroll
        ref={room}
        label={label}
        onKeyDown={onKeyDown}
        className="mono min-h-0 flex-1 bg-panel leading-5 [container-type:inline-size] [overflow-anchor:none]"
      >
        <div style={columns > 0 ? { minWidth: `calc(${columns}ch + 124px)` } : undefined}>
          <Virtualizer
            ref={list}
            data={rows}
            itemSize={20}
            scrollRef={room}
            onScroll={onScroll}
            onScrollEnd={onScrollEnd}
          >
            {(item) => (
              // The head of a file is as wide as what one sees, and stays there while its lines go sideways.
              <div key={item.key} className={item.kind === 'file' ? 'sticky left-0 w-[100cqw]' : undefined}>
                {row(item, { here: item.key === here, moving })}
              </div>
            )}
          </Virtualizer>
        </div>
        {end}
      </Scroll>
    </div>
  );
}

interface Listed {
  readonly rows: readonly DiffRow[];
  readonly list: React.RefObject<VirtualizerHandle | null>;
}

/** From change to change: from the one last jumped to while it is in sight, else from where one stands. */
function useJump(rows: Listed['rows'], list: Listed['list']) {
  const [here, setHere] = useState<string | null>(null);
  const starts = useMemo(() => changeStarts(rows), [rows]);
  const jump = useCallback(
    (by: 1 | -1): void => {
      const handle = list.current;
      if (!handle) return;
      const first = handle.findItemIndex(handle.scrollOffset);
      const last = handle.findItemIndex(handle.scrollOffset + handle.viewportSize);
      const at = rows.findIndex((item) => item.key === here);
      const from = at >= first && at <= last ? at : first - (by > 0 ? 1 : 0);
      const next = by > 0 ? starts.find((start) => start > from) : starts.findLast((start) => start < from);
      const target = next === undefined ? undefined : rows[next];
      if (next === undefined || !target) return;
      setHere(target.key);
      handle.scrollTo(Math.max(0, handle.getItemOffset(next) - headroom));
    },
    [rows, list, starts, here],
  );
  return { here, jump };
}

/** Keeps the list and the file that is asked for together, whichever of them changes. Returns what a scroll that ended tells. */
function useFileInSight({ rows, file, list, onFile }: Listed & Pick<Props, 'file' | 'onFile'>): (top: number) => void {
  const known = useRef(-1);
  const going = useRef(false);
  const place = useMemo(() => rows.findIndex((row) => row.file === file), [rows, file]);
  useEffect(() => {
    if (place < 0 || known.current === file) return;
    known.current = file;
    going.current = true;
    list.current?.scrollToIndex(place, { align: 'start' });
  }, [place, file, list]);
  return (top) => {
    // The way to a file that was asked for is no news; it may not even reach the top.
    if (going.current) going.current = false;
    else if (top !== known.current) {
      known.current = top;
      onFile(top);
    }
  };
}
