import { parseRequirementList } from '@devfactory/contracts';
import { FileUp, Plus } from 'lucide-react';
import { lazy, Suspense, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { Button } from '../../components/ui/button.tsx';
import { LiveNote } from '../../components/ui/live-note.tsx';
import { counted } from '../../words/format.ts';
import { newRow, type DraftRow } from './draft.ts';
import { RequirementRow, type RowActions } from './requirement-row.tsx';
import { looksLikeTable } from './requirement-table.ts';
import { insertedWishes, mergedRow, movedRow, splitRow, splitSentences } from './rows.ts';

const ImportDialog = lazy(() => import('./import-dialog.tsx').then((part) => ({ default: part.ImportDialog })));

interface Props {
  readonly rows: readonly DraftRow[];
  readonly onChange: (change: (rows: readonly DraftRow[]) => readonly DraftRow[]) => void;
  readonly prompt: string;
}

/** The list of wishes: Enter adds or splits, Backspace merges, Alt with an arrow moves, a pasted list becomes rows. */
export function RequirementEditor({ rows, onChange, prompt }: Props) {
  /** The text that the import begins with; null while it is closed. */
  const [importing, setImporting] = useState<string | null>(null);
  /** What was typed into the import and not added: closing it throws nothing away. */
  const [left, setLeft] = useState('');
  const [note, setNote] = useState('');
  const focusNext = useFocusAfterRender();
  const addLast = (): void => {
    const row = newRow();
    onChange((now) => [...now, row]);
    focusNext(row.key);
  };
  const actions = useMemo<RowActions>(
    () => rowActions({ onChange, focusNext, onTable: setImporting, onMoved: setNote }),
    [onChange, focusNext],
  );
  const listed = useMemo(() => listedIn(prompt), [prompt]);
  return (
    <section aria-labelledby="requirements-title">
      <div className="mb-1.5 flex flex-wrap items-center gap-2">
        <h2 id="requirements-title" className="text-lead font-semibold">
          Requirements
        </h2>
        {rows.length > 0 ? (
          <span className="text-ink-3">{rows.length}</span>
        ) : (
          <span className="text-ink-3 max-wide:order-last max-wide:w-full">
            optional: the plan proposes what is missing
          </span>
        )}
        <Button look="quiet" className="ml-auto" onClick={() => setImporting(left)}>
          <FileUp aria-hidden="true" className="size-4" /> Paste or import
        </Button>
      </div>
      <LiveNote text={note} />
      <div className="overflow-hidden rounded-lg border border-line bg-panel">
        <ol>
          {rows.map((row, index) => (
            <RequirementRow key={row.key} row={row} index={index} count={rows.length} actions={actions} />
          ))}
        </ol>
        <button
          type="button"
          id="requirements"
          onClick={addLast}
          className={`tap flex w-full items-center gap-2 px-3 text-ink-2 -outline-offset-2 hover:bg-bg hover:text-ink ${rows.length > 0 ? 'border-t border-line' : ''}`}
        >
          <Plus aria-hidden="true" className="size-4" /> Add a requirement
        </button>
      </div>
      {listed > 1 && rows.length === 0 && (
        <p className="mt-1.5 text-ink-2">
          The prompt holds a list.{' '}
          <button
            type="button"
            className="min-h-6 text-accent underline underline-offset-2"
            onClick={() => setImporting(prompt)}
          >
            Take {counted(listed, 'requirement')} from it…
          </button>
        </p>
      )}
      {importing !== null && (
        <Suspense>
          <ImportDialog
            initial={importing}
            known={rows.map((row) => row.text)}
            onClose={(text) => {
              setLeft(text);
              setImporting(null);
            }}
            onAdd={(wishes) =>
              onChange((now) => [...withoutBlank(now), ...wishes.map((wish) => newRow(wish.text, wish.priority))])
            }
          />
        </Suspense>
      )}
    </section>
  );
}

type FocusRow = (key: string, at?: number) => void;

interface Ways {
  readonly onChange: Props['onChange'];
  readonly focusNext: FocusRow;
  readonly onTable: (text: string) => void;
  readonly onMoved: (note: string) => void;
}

function rowActions({ onChange, focusNext, onTable, onMoved }: Ways): RowActions {
  return {
    change: (key, change) => onChange((rows) => rows.map((row) => (row.key === key ? { ...row, ...change } : row))),
    remove: (key) =>
      onChange((rows) => {
        const index = rows.findIndex((row) => row.key === key);
        const neighbour = rows[index - 1] ?? rows[index + 1];
        if (neighbour) focusNext(neighbour.key);
        else document.getElementById('requirements')?.focus();
        return rows.filter((row) => row.key !== key);
      }),
    move: (key, by) =>
      onChange((rows) => {
        const moved = movedRow(rows, key, by);
        const place = moved.findIndex((row) => row.key === key);
        if (moved !== rows) onMoved(`Moved to place ${place + 1} of ${moved.length}`);
        // A row that changes its place in the page loses the focus.
        if (document.activeElement?.id === `row-${key}`) focusNext(key);
        return moved;
      }),
    split: (key, at) => {
      const next = newRow();
      onChange((rows) => splitRow(rows, key, { at, next }));
      focusNext(next.key, 0);
    },
    splitSentences: (key) => onChange((rows) => splitSentences(rows, key)),
    merge: (key) =>
      onChange((rows) => {
        const above = rows[rows.findIndex((row) => row.key === key) - 1];
        if (above) focusNext(above.key, above.text.trim().length);
        return mergedRow(rows, key);
      }),
    pasted: (key, text) => {
      if (looksLikeTable(text)) {
        onTable(text);
        return true;
      }
      const { wishes } = parseRequirementList(text);
      if (wishes.length < 2) return false;
      onChange((rows) => {
        const next = insertedWishes(rows, key, wishes);
        const last = next.find((row) => row.text === wishes.at(-1)?.text);
        if (last) focusNext(last.key);
        return next;
      });
      return true;
    },
  };
}

/** Puts the focus, and the cursor, into a row that exists only after the next render. Without a place the cursor goes to its end. */
function useFocusAfterRender(): FocusRow {
  const wanted = useRef<{ readonly key: string; readonly at: number | undefined } | null>(null);
  useLayoutEffect(() => {
    if (wanted.current === null) return;
    const { key, at } = wanted.current;
    const field = document.getElementById(`row-${key}`);
    if (!(field instanceof HTMLTextAreaElement)) return;
    wanted.current = null;
    field.focus();
    field.setSelectionRange(at ?? field.value.length, at ?? field.value.length);
  });
  return useMemo(() => (key, at) => void (wanted.current = { key, at }), []);
}

/** How many requirements a prompt lists; 0 where it holds no list. */
function listedIn(prompt: string): number {
  const items = prompt.match(/^\s*(?:[-*+•]|\d{1,4}[.)])\s+\S/gm)?.length ?? 0;
  return items < 2 ? 0 : parseRequirementList(prompt).wishes.length;
}

function withoutBlank(rows: readonly DraftRow[]): readonly DraftRow[] {
  return rows.filter((row) => row.text.trim() !== '');
}
