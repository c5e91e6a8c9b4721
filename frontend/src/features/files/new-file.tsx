import { isInsideWorkspace, type RunState } from '@devfactory/contracts';
import { useMutation } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { factory } from '../../api/factory.ts';
import { Button } from '../../components/ui/button.tsx';
import { Dialog } from '../../components/ui/dialog.tsx';
import { Field } from '../../components/ui/field.tsx';
import { Failure } from '../../components/ui/notice.tsx';
import { useRunPlace } from '../../place/run-place.ts';
import { counted } from '../../words/format.ts';

/** A person adds files to the live workspace: an empty one with a name, or some from this computer. */
export function NewFile({ state }: { readonly state: RunState }) {
  const { go } = useRunPlace();
  const [naming, setNaming] = useState(false);
  const upload = useUpload(state.id);
  const picker = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button look="quiet" onClick={() => setNaming(true)}>
        New file…
      </Button>
      <Button look="quiet" busy={upload.isPending} onClick={() => picker.current?.click()}>
        Upload…
      </Button>
      <input
        ref={picker}
        type="file"
        multiple
        hidden
        aria-label="Files to upload"
        onChange={(event) => {
          upload.mutate([...(event.target.files ?? [])]);
          event.target.value = '';
        }}
      />
      <span role="status" className="text-small text-ink-3">
        {upload.data !== undefined && `${counted(upload.data, 'file')} uploaded; listed with the next checkpoint.`}
      </span>
      {upload.error && <Failure what="Not everything was uploaded" error={upload.error} className="w-full" />}
      {naming && (
        <NameDialog
          runId={state.id}
          onClose={() => setNaming(false)}
          onMade={(file) => go({ file, edit: true, ck: undefined })}
        />
      )}
    </>
  );
}

function useUpload(runId: string) {
  return useMutation({
    mutationFn: async (files: readonly File[]) => {
      for (const file of files)
        await factory.runs.writeFile(runId, { path: file.name, expected: null, content: file, via: 'upload' });
      return files.length;
    },
  });
}

function NameDialog({
  runId,
  onClose,
  onMade,
}: {
  readonly runId: string;
  readonly onClose: () => void;
  readonly onMade: (path: string) => void;
}) {
  const [path, setPath] = useState('');
  const make = useMutation({
    mutationFn: () => factory.runs.writeFile(runId, { path, expected: null, content: new Blob([]) }),
    onSuccess: () => {
      onClose();
      onMade(path);
    },
  });
  const fault = path === '' || isInsideWorkspace(path) ? undefined : 'A relative path, such as src/app.py';
  return (
    <Dialog open onClose={onClose} title="New file">
      <form
        className="grid gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (path !== '' && fault === undefined) make.mutate();
        }}
      >
        <Field
          id="new-file"
          label="Path"
          hint="Folders that are missing are made."
          fault={fault}
          value={path}
          onChange={(event) => setPath(event.target.value)}
        />
        {make.error && <Failure what="The file was not made" error={make.error} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={make.isPending}>
            Make it
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
