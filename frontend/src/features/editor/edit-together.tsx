import { useEffect, useRef } from 'react';
import { useKept } from '../../components/kept.ts';
import { Skeleton } from '../../components/ui/blank.tsx';
import { Notice } from '../../components/ui/notice.tsx';
import { counted } from '../../words/format.ts';
import { openEditor, type Editor } from './code-editor.ts';
import { EditorHead } from './editor-head.tsx';
import type { Typed } from './open-file.ts';
import type { SharedLook, SharedSession } from './shared-session.ts';
import { sharedText } from './shared-text.ts';

const words = { saved: 'Saved', unsaved: 'Not saved yet', saving: 'Saving…', failed: 'Not saved' } as const;

interface Props {
  readonly runId: string;
  readonly path: string;
  readonly session: SharedSession | null;
  readonly look: SharedLook;
  /** It goes on alone, with what was not saved yet. */
  readonly onOver: (unsaved: Typed | null) => void;
}

/** A file that others may type into at the same time; what the agent writes comes into it too. */
export function EditTogether({ runId, path, session, look, onOver }: Props) {
  const [wrap, setWrap] = useKept('editor-wrap', ['no', 'yes'], () =>
    window.matchMedia('(width < 900px)').matches ? 'yes' : 'no',
  );
  const { status, saving } = look;
  useEffect(() => {
    if (status === 'over') onOver(session?.unsaved ?? null);
  }, [status, session, onOver]);
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <EditorHead
        runId={runId}
        path={path}
        wrap={[wrap, setWrap]}
        saved={saving === 'saved'}
        saving={false}
        onSave={() => session?.save()}
      >
        {look.others > 0 && <span className="text-small text-ink-2">with {counted(look.others, 'other')}</span>}
        <span role="status" className="text-small text-ink-3">
          {words[saving]}
        </span>
      </EditorHead>
      {look.fault !== '' && (
        <Notice tone="bad" title="It could not be saved; it is tried again" className="m-3">
          {look.fault}
        </Notice>
      )}
      {session && status === 'open' ? (
        <Typing session={session} path={path} wrap={wrap === 'yes'} />
      ) : (
        <Skeleton lines={8} label={`Opening ${path}`} />
      )}
      <p id="editor-keys" className="border-t border-line px-3.5 py-1 text-small text-ink-3 max-wide:sr-only">
        Saves by itself, and shows what others and the agent write. Ctrl/⌘ F searches, Tab indents; press Escape and
        then Tab to leave the editor.
      </p>
    </div>
  );
}

function Typing({
  session,
  path,
  wrap,
}: {
  readonly session: SharedSession;
  readonly path: string;
  readonly wrap: boolean;
}) {
  const room = useRef<HTMLDivElement>(null);
  const editor = useRef<Editor | null>(null);
  const first = useRef(wrap);
  useEffect(() => {
    if (!room.current) return;
    const opened = openEditor({
      parent: room.current,
      path,
      text: session.text.toJSON(),
      label: `Editing ${path}`,
      readOnly: false,
      wrap: first.current,
      onType: () => undefined,
      onSave: () => session.save(),
      also: sharedText(session.text, session.awareness),
    });
    editor.current = opened;
    opened.view.focus();
    return () => opened.close();
  }, [session, path]);
  useEffect(() => editor.current?.setWrap(wrap), [wrap]);
  return <div ref={room} className="mono min-h-0 flex-1 overflow-hidden" />;
}
