import type { RunState } from '@devfactory/contracts';
import { useCallback, useEffect, useRef, useState } from 'react';
import { factory } from '../../api/factory.ts';
import { useKept } from '../../components/kept.ts';
import { Blank, Skeleton } from '../../components/ui/blank.tsx';
import { Button } from '../../components/ui/button.tsx';
import { Failure, Notice } from '../../components/ui/notice.tsx';
import { openEditor, type Editor } from './code-editor.ts';
import { EditTogether } from './edit-together.tsx';
import { EditorHead } from './editor-head.tsx';
import { hasDraft, keepDraft, type FileLook, type OpenFile, type Saving, type Typed } from './open-file.ts';
import { TwoSides } from './two-sides.tsx';
import { useOpenFile } from './use-open-file.ts';
import { useSharedSession } from './use-shared-session.ts';

const words: Record<Saving, string> = {
  saved: 'Saved',
  unsaved: 'Not saved yet',
  saving: 'Saving…',
  failed: 'Not saved',
};

interface Props {
  readonly state: RunState;
  readonly path: string;
}

/** One file of the live workspace, to be read and changed, together with whoever has it open. The agent is told at its next step. */
export function EditorPane({ state, path }: Props) {
  const [alone, setAlone] = useState(() => hasDraft(state.id, path));
  const shared = useSharedSession(state.id, path, !alone);
  const onOver = useCallback(
    (unsaved: Typed | null) => {
      if (unsaved !== null) keepDraft(state.id, path, unsaved);
      setAlone(true);
    },
    [state.id, path],
  );
  return shared === null ? (
    <EditAlone state={state} path={path} />
  ) : (
    <EditTogether runId={state.id} path={path} session={shared.session} look={shared.look} onOver={onOver} />
  );
}

function EditAlone({ state, path }: Props) {
  const { file, look } = useOpenFile(state.id, path, `${state.head} ${state.steps.length} ${state.edits.at(-1)?.seq}`);
  const [wrap, setWrap] = useKept('editor-wrap', ['no', 'yes'], () =>
    window.matchMedia('(width < 900px)').matches ? 'yes' : 'no',
  );
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <EditorHead
        runId={state.id}
        path={path}
        wrap={[wrap, setWrap]}
        saved={look.saving === 'saved'}
        saving={look.saving === 'saving'}
        onSave={() => void file.save()}
      >
        <span role="status" className="text-small text-ink-3">
          {look.theirs
            ? 'Changed by someone else'
            : look.status === 'missing' && look.saving === 'saved'
              ? 'New'
              : words[look.saving]}
        </span>
      </EditorHead>
      {look.restored && !look.theirs && (
        <p className="border-b border-line bg-accent-wash px-3.5 py-1 text-small">
          What you had typed and was not saved then is here again.
        </p>
      )}
      {look.error !== null && (
        <Failure
          what={
            look.status === 'failed'
              ? `${path} could not be read`
              : `${path} could not be saved; it is kept in this browser`
          }
          error={look.error}
          onRetry={() => void (look.status === 'failed' ? file.read() : file.save())}
          className="m-3"
        />
      )}
      {look.theirs && <Disagreement file={file} look={look} path={path} />}
      {look.status === 'reading' && <Skeleton lines={8} label={`Reading ${path}`} />}
      {look.status === 'closed' && (
        <Blank title="Not opened as text">
          {look.why}{' '}
          <a className="underline" href={factory.runs.fileNowUrl(state.id, path)} download>
            Download it
          </a>
        </Blank>
      )}
      {(look.status === 'open' || look.status === 'missing') && (
        <Typing key={`${state.id} ${path}`} file={file} look={look} path={path} wrap={wrap === 'yes'} />
      )}
      <p id="editor-keys" className="border-t border-line px-3.5 py-1 text-small text-ink-3 max-wide:sr-only">
        Saves by itself. Ctrl/⌘ F searches, Tab indents; press Escape and then Tab to leave the editor.
      </p>
    </div>
  );
}

/** Two people, or a person and the agent, changed the same file: both sides, and a way out that loses neither unseen. */
function Disagreement({
  file,
  look,
  path,
}: {
  readonly file: OpenFile;
  readonly look: FileLook;
  readonly path: string;
}) {
  const { theirs } = look;
  if (!theirs) return null;
  const gone = theirs.digest === null;
  return (
    <div className="max-h-[50%] shrink-0 overflow-auto border-b border-line p-3">
      <Notice
        tone="warn"
        title={gone ? `${path} was removed while you typed` : `${path} was changed by someone else while you typed`}
        actions={
          <>
            <Button onClick={() => void file.settle('theirs')}>{gone ? 'Leave it removed' : 'Take theirs'}</Button>
            <Button onClick={() => void file.settle('mine')}>
              {gone ? 'Save mine as a new file' : 'Save mine over it'}
            </Button>
          </>
        }
      >
        Nothing was overwritten. What you typed stays in the editor below until you choose; you can still change it
        first.
      </Notice>
      {theirs.text !== null && <TwoSides mine={look.text} theirs={theirs.text} />}
    </div>
  );
}

function Typing({
  file,
  look,
  path,
  wrap,
}: {
  readonly file: OpenFile;
  readonly look: FileLook;
  readonly path: string;
  readonly wrap: boolean;
}) {
  const room = useRef<HTMLDivElement>(null);
  const editor = useRef<Editor | null>(null);
  const first = useRef({ text: look.text, wrap });
  useEffect(() => {
    if (!room.current) return;
    const opened = openEditor({
      parent: room.current,
      path,
      text: first.current.text,
      label: `Editing ${path}`,
      readOnly: false,
      wrap: first.current.wrap,
      onType: (text) => file.type(text),
      onSave: () => void file.save(),
    });
    editor.current = opened;
    opened.view.focus();
    return () => opened.close();
  }, [file, path]);
  useEffect(() => editor.current?.setText(file.look().text), [file, look.loads]);
  useEffect(() => editor.current?.setWrap(wrap), [wrap]);
  return <div ref={room} className="mono min-h-0 flex-1 overflow-hidden" />;
}
