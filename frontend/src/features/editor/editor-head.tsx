import type { ReactNode } from 'react';
import { Button } from '../../components/ui/button.tsx';
import { useRunPlace } from '../../place/run-place.ts';
import { FileMenu } from './file-menu.tsx';

interface Props {
  readonly runId: string;
  readonly path: string;
  /** How it stands with saving, and who else is here. */
  readonly children: ReactNode;
  readonly wrap: readonly ['yes' | 'no', (wrap: 'yes' | 'no') => void];
  readonly saved: boolean;
  readonly saving: boolean;
  readonly onSave: () => void;
}

/** What stands above a file that is edited, alone or together. */
export function EditorHead({ runId, path, children, wrap: [wrap, setWrap], saved, saving, onSave }: Props) {
  const { go } = useRunPlace();
  return (
    <div className="flex flex-wrap items-center gap-2 border-b border-line bg-panel px-2 py-1">
      <Button look="quiet" onClick={() => go({ edit: undefined, file: undefined })}>
        ← All files
      </Button>
      <span title={path} className="mono min-w-24 flex-1 truncate">
        {path}
      </span>
      {children}
      <Button look="quiet" aria-pressed={wrap === 'yes'} onClick={() => setWrap(wrap === 'yes' ? 'no' : 'yes')}>
        Wrap
      </Button>
      <Button busy={saving} disabled={saved} onClick={onSave}>
        Save{' '}
        <kbd aria-hidden="true" className="text-tiny opacity-80 max-wide:hidden">
          Ctrl S
        </kbd>
      </Button>
      <FileMenu runId={runId} path={path} blocked={saved ? null : 'Save first, then rename or remove.'} />
    </div>
  );
}
