import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { useTitle } from '../components/shell/title.ts';
import { buttonClasses } from '../components/ui/button.tsx';

export function NotFoundRoute(): ReactElement {
  useTitle('Not found');
  return (
    <div className="mx-auto max-w-[560px] px-5 py-16">
      <p className="mono text-ink-3">404</p>
      <h1 className="mt-1 text-display font-semibold">There is nothing at this address</h1>
      <p className="mt-2 text-ink-2">The link may be cut short, or it belongs to another factory.</p>
      <div className="mt-5 flex gap-2">
        <Link to="/runs" className={buttonClasses('primary')}>
          All runs
        </Link>
        <Link to="/" className={buttonClasses()}>
          New run
        </Link>
      </div>
    </div>
  );
}
