import { limits, parseRequirementList, type RequirementWish } from '@devfactory/contracts';
import Papa from 'papaparse';
import { useId, useMemo, useState } from 'react';
import { Button } from '../../components/ui/button.tsx';
import { Dialog } from '../../components/ui/dialog.tsx';
import { Scroll } from '../../components/ui/scroll.tsx';
import { Segmented } from '../../components/ui/segmented.tsx';
import { bytes, counted } from '../../words/format.ts';
import { ColumnMapping } from './column-mapping.tsx';
import { IssuePicker } from './issue-picker.tsx';
import {
  guessMapping,
  looksLikeTable,
  wishesOf,
  type FoundWishes,
  type Mapping,
  type Table,
} from './requirement-table.ts';

interface Props {
  /** Text to begin with. */
  readonly initial: string;
  /** What is in the list already. */
  readonly known: readonly string[];
  /** With what is not added yet. */
  readonly onClose: (text: string) => void;
  readonly onAdd: (wishes: readonly RequirementWish[]) => void;
}

/** Text or a file in, a preview of what will be added and what will not, and nothing is added before one says so. */
export function ImportDialog({ initial, known, onClose, onAdd }: Props) {
  const [text, setText] = useState(initial);
  const [readAs, setReadAs] = useState<'list' | 'table' | null>(null);
  const [chosen, setMapping] = useState<Mapping | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const [from, setFrom] = useState<'text' | 'issues'>('text');
  const [picked, setPicked] = useState<readonly RequirementWish[]>([]);
  const fieldId = useId();
  const form = readAs ?? (looksLikeTable(text) ? 'table' : 'list');
  const table = useMemo(() => (form === 'table' ? tableOf(text) : []), [form, text]);
  const mapping = useMemo(() => chosen ?? guessMapping(table), [chosen, table]);
  const found = useMemo(
    () => (form === 'table' ? wishesOf(table, mapping, known) : newOnes(parseRequirementList(text), known)),
    [form, table, mapping, text, known],
  );
  const wishes = from === 'issues' ? picked : found.wishes;
  const change = (next: string): void => {
    setText(next);
    setMapping(null);
  };
  const read = async (file: File | undefined): Promise<void> => {
    if (!file) return;
    const result = await readText(file);
    setFault(result.fault);
    if (result.fault !== null) return;
    change(result.text);
    setReadAs(/\.(?:csv|tsv)$/i.test(file.name) ? 'table' : null);
  };
  return (
    <Dialog
      open
      onClose={() => onClose(text)}
      wide
      title="Paste or import requirements"
      description="A Markdown list, numbered lines or paragraphs, a table (CSV, or cells copied from a spreadsheet), or issues at GitHub."
      actions={
        <>
          <Button onClick={() => onClose(text)}>Cancel</Button>
          <Button
            look="primary"
            disabled={wishes.length === 0}
            onClick={() => {
              onAdd(wishes);
              onClose(from === 'issues' ? text : '');
            }}
          >
            Add {wishes.length}
          </Button>
        </>
      }
    >
      <Segmented
        label="Take them from"
        className="mb-3"
        value={from}
        onChange={setFrom}
        options={[
          { value: 'text', label: 'Text or file' },
          { value: 'issues', label: 'GitHub issues' },
        ]}
      />
      {from === 'issues' ? (
        <IssuePicker known={known} picked={picked} onPick={setPicked} />
      ) : (
        <>
          <label htmlFor={fieldId} className="sr-only">
            Requirements as text
          </label>
          <textarea
            id={fieldId}
            value={text}
            onChange={(event) => change(event.target.value)}
            placeholder={'- Orders can be created and listed\n- An order without lines is refused with 400 (should)'}
            className="mono h-32 w-full resize-y rounded-md border border-line-strong bg-bg p-2.5"
          />
          <label className="mt-2 flex flex-wrap items-center gap-2 text-ink-2">
            or a file (.md, .txt, .csv)
            <input
              type="file"
              accept=".md,.markdown,.txt,.csv,.tsv,text/plain,text/markdown,text/csv"
              onChange={(event) => void read(event.target.files?.[0])}
              className="tap max-w-full text-small file:mr-2 file:rounded-md file:border file:border-solid file:border-line file:bg-panel file:px-2.5 file:py-1 file:text-ink"
            />
          </label>
          {fault && (
            <p role="alert" className="mt-2 text-bad">
              {fault}
            </p>
          )}
          {text !== '' && (
            <>
              <div className="mt-3 flex flex-wrap items-end gap-x-4 gap-y-2">
                <Segmented
                  label="Read it as"
                  value={form}
                  onChange={(value) => setReadAs(value === 'table' ? 'table' : 'list')}
                  options={[
                    { value: 'list', label: 'List' },
                    { value: 'table', label: 'Table' },
                  ]}
                />
                {form === 'table' && <ColumnMapping table={table} mapping={mapping} onChange={setMapping} />}
              </div>
              <Preview found={found} />
            </>
          )}
        </>
      )}
    </Dialog>
  );
}

function Preview({ found }: { readonly found: FoundWishes }) {
  return (
    <div className="mt-3" aria-live="polite">
      <p className="font-medium">
        {counted(found.wishes.length, 'requirement')} found
        {found.skipped.length > 0 && `, ${found.skipped.length} left out`}
      </p>
      <Scroll label="What was found" className="mt-1.5 max-h-44 rounded-md border border-line">
        <ul>
          {found.wishes.map((wish, index) => (
            <li key={index} className="flex gap-2 border-b border-line px-2.5 py-1 last:border-0">
              <span className="min-w-0 flex-1 break-words">{wish.text}</span>
              <span className="text-small text-ink-3">{wish.priority}</span>
            </li>
          ))}
          {found.skipped.map((item) => (
            <li
              key={`line-${item.line}`}
              className="flex gap-2 border-b border-line px-2.5 py-1 text-ink-3 last:border-0"
            >
              <s className="min-w-0 flex-1 break-words">{item.text}</s>
              <span className="text-small">
                {item.why}
                {item.line > 0 && `, line ${item.line}`}
              </span>
            </li>
          ))}
        </ul>
      </Scroll>
    </div>
  );
}

/** Cells between commas, semicolons or tabs, whichever it is, quoted ones whole. */
function tableOf(text: string): Table {
  return Papa.parse<string[]>(text.replace(/^\uFEFF/, '').trimEnd(), { skipEmptyLines: false }).data;
}

/** Marks what is in the list already. */
function newOnes({ wishes, skipped }: FoundWishes, known: readonly string[]): FoundWishes {
  const there = new Set(known.map((text) => text.trim().toLowerCase()));
  const isNew = (wish: RequirementWish): boolean => !there.has(wish.text.toLowerCase());
  const again = wishes.filter((wish) => !isNew(wish));
  if (again.length === 0) return { wishes, skipped };
  return {
    wishes: wishes.filter(isNew),
    skipped: [
      ...skipped,
      ...again.map((wish, index) => ({ line: -1 - index, text: wish.text, why: 'duplicate' as const })),
    ],
  };
}

async function readText(file: File): Promise<{ readonly text: string; readonly fault: string | null }> {
  if (file.size > limits.requirementsFileBytes) {
    return {
      text: '',
      fault: `${file.name} has ${bytes(file.size)}; a list of requirements may have ${bytes(limits.requirementsFileBytes)}.`,
    };
  }
  const text = await file.text();
  if (text.includes('\0') || text.includes('\uFFFD'))
    return {
      text: '',
      fault: `${file.name} is not a text file. Save the list as Markdown, CSV or plain text (UTF-8).`,
    };
  return text.trim() === '' ? { text: '', fault: `${file.name} is empty.` } : { text, fault: null };
}
