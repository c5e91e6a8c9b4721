import { parseRequirementList } from '@devfactory/contracts';
import { FileUp, Plus } from 'lucide-react';
import { lazy, Suspense, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { Button } from '../../components/ui/button.tsx';
import { newRow, type DraftRow } from './draft.ts';
import { RequirementRow, type RowActions } from './requirement-row.tsx';

const ImportDialog = lazy(() => import('./import-dialog.tsx').then((part) => ({ default: part.ImportDialog })));

interface Props {
  readonly rows: readonly DraftRow[];
  readonly onChange: (change: (rows: readonly DraftRow[]) => readonly DraftRow[]) => void;
}

/** The list of wishes: Enter adds, Alt with an arrow moves, a pasted list becomes rows. */
export function RequirementEditor({ rows, onChange }: Props) {
  const [importing, setImporting] = useState(false);
  const focusNext = useFocusAfterRender();
  const addLast = (): void => {
    const row = newRow();
    onChange((now) => [...now, row]);
    focusNext(row.key);
  };
  const actions = useMemo<RowActions>(() => rowActions(onChange, focusNext), [onChange, focusNext]);
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
        <Button look="quiet" className="ml-auto" onClick={() => setImporting(true)}>
          <FileUp aria-hidden="true" className="size-4" /> Paste or import
        </Button>
      </div>
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
      {importing && (
        <Suspense>
          <ImportDialog
            open
            onClose={() => setImporting(false)}
            onAdd={(wishes) =>
              onChange((now) => [...withoutBlank(now), ...wishes.map((wish) => newRow(wish.text, wish.priority))])
            }
          />
        </Suspense>
      )}
    </section>
  );
}

type FocusRow = (key: string) => void;

function rowActions(onChange: Props['onChange'], focusNext: FocusRow): RowActions {
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
        const from = rows.findIndex((row) => row.key === key);
        const row = rows[from];
        if (!row || from + by < 0 || from + by >= rows.length) return rows;
        const rest = rows.filter((other) => other.key !== key);
        return [...rest.slice(0, from + by), row, ...rest.slice(from + by)];
      }),
    addAfter: (key) => {
      const row = newRow();
      onChange((rows) => {
        const at = rows.findIndex((other) => other.key === key) + 1;
        return [...rows.slice(0, at), row, ...rows.slice(at)];
      });
      focusNext(row.key);
    },
    pasted: (key, text) => {
      const { wishes } = parseRequirementList(text);
      if (wishes.length < 2) return false;
      const fresh = wishes.map((wish) => newRow(wish.text, wish.priority));
      onChange((rows) => {
        const at = rows.findIndex((row) => row.key === key);
        const keep = rows[at]?.text.trim() === '' ? at : at + 1;
        return [...rows.slice(0, keep), ...fresh, ...rows.slice(at + 1)];
      });
      const last = fresh.at(-1);
      if (last) focusNext(last.key);
      return true;
    },
  };
}

/** Puts the focus on a row that exists only after the next render. */
function useFocusAfterRender(): FocusRow {
  const wanted = useRef<string | null>(null);
  useLayoutEffect(() => {
    if (wanted.current === null) return;
    const field = document.getElementById(`row-${wanted.current}`);
    if (!(field instanceof HTMLTextAreaElement)) return;
    wanted.current = null;
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
  });
  return useMemo(() => (key) => void (wanted.current = key), []);
}

function withoutBlank(rows: readonly DraftRow[]): readonly DraftRow[] {
  return rows.filter((row) => row.text.trim() !== '');
}
