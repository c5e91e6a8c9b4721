import { useSearch } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { useTitle } from '../components/shell/title.ts';
import { RunList } from '../features/run-list/run-list.tsx';
import { StorageNote } from '../features/run-list/storage-note.tsx';

export function RunsRoute(): ReactElement {
  useTitle('Runs');
  const { state = '', q = '', sort = '' } = useSearch({ from: '/runs' });
  return (
    <div className="h-full overflow-auto">
      <div className="mx-auto max-w-[980px] px-5 pt-7 pb-16">
        <h1 className="mb-4 text-display font-semibold tracking-[-0.02em]">Runs</h1>
        <RunList state={state} q={q} sort={sort} />
        <StorageNote />
      </div>
    </div>
  );
}
