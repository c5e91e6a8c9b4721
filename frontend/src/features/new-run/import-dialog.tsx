import { limits, parseRequirementList, type RequirementWish } from '@devfactory/contracts';
import { useId, useMemo, useState } from 'react';
import { Button } from '../../components/ui/button.tsx';
import { Dialog } from '../../components/ui/dialog.tsx';
import { Scroll } from '../../components/ui/scroll.tsx';
import { bytes, counted } from '../../words/format.ts';

interface Props {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly onAdd: (wishes: readonly RequirementWish[]) => void;
}

/** Text or a file in, a preview of what will be added and what will not, and nothing is added before one says so. */
export function ImportDialog({ open, onClose, onAdd }: Props) {
  const [text, setText] = useState('');
  const [fault, setFault] = useState<string | null>(null);
  const fieldId = useId();
  const list = useMemo(() => parseRequirementList(text), [text]);
  const close = (): void => {
    setText('');
    setFault(null);
    onClose();
  };
  const read = async (file: File | undefined): Promise<void> => {
    if (!file) return;
    const result = await readList(file);
    setFault(result.fault);
    if (result.fault === null) setText(result.text);
  };
  return (
    <Dialog
      open={open}
      onClose={close}
      wide
      title="Paste or import requirements"
      description="A Markdown list, numbered lines, or paragraphs. “(should)” or “(could)” at the end of a line sets its priority."
      actions={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button
            look="primary"
            disabled={list.wishes.length === 0}
            onClick={() => {
              onAdd(list.wishes);
              close();
            }}
          >
            Add {list.wishes.length}
          </Button>
        </>
      }
    >
      <label htmlFor={fieldId} className="sr-only">
        Requirements as text
      </label>
      <textarea
        id={fieldId}
        value={text}
        onChange={(event) => setText(event.target.value)}
        placeholder={'- Orders can be created and listed\n- An order without lines is refused with 400'}
        className="mono h-40 w-full resize-y rounded-md border border-line-strong bg-bg p-2.5"
      />
      <label className="mt-2 flex flex-wrap items-center gap-2 text-ink-2">
        or a file (.md, .txt)
        <input
          type="file"
          accept=".md,.markdown,.txt,text/plain,text/markdown"
          onChange={(event) => void read(event.target.files?.[0])}
          className="tap max-w-full text-small file:mr-2 file:rounded-md file:border file:border-solid file:border-line file:bg-panel file:px-2.5 file:py-1 file:text-ink"
        />
      </label>
      {fault && (
        <p role="alert" className="mt-2 text-bad">
          {fault}
        </p>
      )}
      {text !== '' && <Preview list={list} />}
    </Dialog>
  );
}

function Preview({ list }: { readonly list: ReturnType<typeof parseRequirementList> }) {
  return (
    <div className="mt-3" aria-live="polite">
      <p className="font-medium">
        {counted(list.wishes.length, 'requirement')} found
        {list.skipped.length > 0 && `, ${list.skipped.length} left out`}
      </p>
      <Scroll label="What was found" className="mt-1.5 max-h-52 rounded-md border border-line">
        <ul>
          {list.wishes.map((wish, index) => (
            <li key={index} className="flex gap-2 border-b border-line px-2.5 py-1 last:border-0">
              <span className="min-w-0 flex-1 break-words">{wish.text}</span>
              <span className="text-small text-ink-3">{wish.priority}</span>
            </li>
          ))}
          {list.skipped.map((item) => (
            <li
              key={`line-${item.line}`}
              className="flex gap-2 border-b border-line px-2.5 py-1 text-ink-3 last:border-0"
            >
              <s className="min-w-0 flex-1 break-words">{item.text}</s>
              <span className="text-small">
                {item.why}, line {item.line}
              </span>
            </li>
          ))}
        </ul>
      </Scroll>
    </div>
  );
}

async function readList(file: File): Promise<{ readonly text: string; readonly fault: string | null }> {
  if (file.size > limits.requirementsFileBytes) {
    return {
      text: '',
      fault: `${file.name} has ${bytes(file.size)}; a list of requirements may have ${bytes(limits.requirementsFileBytes)}.`,
    };
  }
  const text = await file.text();
  if (text.includes('\0') || text.includes('\uFFFD'))
    return { text: '', fault: `${file.name} is not a text file. Save the list as Markdown or plain text.` };
  return parseRequirementList(text).wishes.length === 0
    ? { text: '', fault: `${file.name} holds no requirements.` }
    : { text, fault: null };
}
