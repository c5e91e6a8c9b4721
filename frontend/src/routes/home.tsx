import { lazy, Suspense, type ReactElement } from 'react';
import { useTitle } from '../components/shell/title.ts';
import { NewRunForm } from '../features/new-run/new-run-form.tsx';

// Under the form, and silent until the runs are read.
const NeedsMe = lazy(() => import('../features/run-list/needs-me.tsx').then((part) => ({ default: part.NeedsMe })));

export function HomeRoute(): ReactElement {
  useTitle('New run');
  return (
    <div className="h-full overflow-auto">
      <div className="mx-auto max-w-[780px] px-5 pt-8 pb-16 wide:pt-12">
        <h1 className="sr-only">New run</h1>
        <NewRunForm />
        <Suspense fallback={null}>
          <NeedsMe />
        </Suspense>
      </div>
    </div>
  );
}
