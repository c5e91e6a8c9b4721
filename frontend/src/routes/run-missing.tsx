import { Link, Navigate } from '@tanstack/react-router';
import { useTitle } from '../components/shell/title.ts';
import { buttonClasses } from '../components/ui/button.tsx';

export function RunMissing({ runId, signedOut = false }: { readonly runId: string; readonly signedOut?: boolean }) {
  useTitle('No such run');
  if (signedOut) return <Navigate to="/sign-in" />;
  return (
    <div className="mx-auto max-w-[560px] px-5 py-16">
      <h1 className="text-display font-semibold">There is no such run</h1>
      <p className="mt-2 text-ink-2">
        This factory knows no run <code className="wrap-anywhere">{runId}</code>. The link may be cut short, or it
        belongs to another factory.
      </p>
      <Link to="/runs" className={buttonClasses('primary', 'mt-5')}>
        All runs
      </Link>
    </div>
  );
}
