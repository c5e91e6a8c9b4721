import { limits } from '@devfactory/contracts';
import { Field } from '../../components/ui/field.tsx';
import { Segmented } from '../../components/ui/segmented.tsx';
import { bytes } from '../../words/format.ts';
import type { Draft, Obstacle } from './draft.ts';

interface Props {
  readonly draft: Draft;
  readonly change: (part: Partial<Draft>) => void;
  readonly upload: File | null;
  readonly onUpload: (file: File | null) => void;
  readonly fault: (field: Obstacle['field']) => string | undefined;
}

/** Where the first files come from. */
export function RunSource({ draft, change, upload, onUpload, fault }: Props) {
  return (
    <div className="grid content-start gap-1">
      <span className="font-medium">Start from</span>
      <Segmented
        label="Start from"
        className="justify-self-start"
        value={draft.source}
        onChange={(source) => change({ source })}
        options={[
          { value: 'empty', label: 'Empty folder' },
          { value: 'git', label: 'Git' },
          { value: 'upload', label: 'My code (ZIP)' },
        ]}
      />
      {draft.source === 'empty' && <p className="text-small text-ink-3">A new workspace without files.</p>}
      {draft.source === 'git' && <GitFields draft={draft} change={change} fault={fault} />}
      {draft.source === 'upload' && <UploadField upload={upload} onUpload={onUpload} fault={fault('upload')} />}
    </div>
  );
}

function GitFields({ draft, change, fault }: Pick<Props, 'draft' | 'change' | 'fault'>) {
  return (
    <div className="grid gap-2">
      <Field
        id="git-url"
        type="url"
        label="Address of the repository"
        placeholder="https://github.com/owner/name"
        value={draft.gitUrl}
        onChange={(event) => change({ gitUrl: event.target.value })}
        fault={fault('git-url')}
        hint="Public, over https; cloned inside the sandbox."
      />
      <Field
        id="git-ref"
        label="Branch, tag or commit"
        placeholder="the repository's default branch"
        value={draft.gitRef}
        onChange={(event) => change({ gitRef: event.target.value })}
      />
    </div>
  );
}

/** How a file input looks. */
export const chooser =
  'tap max-w-full text-small file:mr-2 file:rounded-md file:border file:border-solid file:border-line file:bg-panel file:px-2.5 file:py-1 file:text-ink';

function UploadField({
  upload,
  onUpload,
  fault,
}: {
  readonly upload: File | null;
  readonly onUpload: (file: File | null) => void;
  readonly fault: string | undefined;
}) {
  const tooLarge = upload !== null && upload.size > limits.uploadBytes;
  return (
    <div>
      <label htmlFor="upload" className="sr-only">
        ZIP file to start from
      </label>
      <input
        id="upload"
        type="file"
        accept=".zip,application/zip"
        aria-invalid={fault || tooLarge ? true : undefined}
        aria-describedby="upload-note"
        onChange={(event) => onUpload(event.target.files?.[0] ?? null)}
        className={chooser}
      />
      <p id="upload-note" className={`text-small ${fault || tooLarge ? 'text-bad' : 'text-ink-3'}`}>
        {fault ??
          (tooLarge
            ? `${bytes(upload.size)}; at most ${bytes(limits.uploadBytes)} are taken.`
            : upload
              ? `${bytes(upload.size)}; sent when you start.`
              : 'The files lie at the root of the ZIP.')}
      </p>
    </div>
  );
}
