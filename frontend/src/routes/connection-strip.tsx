import { Link } from '@tanstack/react-router';
import { isSignedOut } from '../api/query-client.ts';
import type { useRun } from '../api/use-run.ts';
import { Button, buttonClasses } from '../components/ui/button.tsx';
import { Mark } from '../components/ui/mark.tsx';
import { explain } from '../words/explain.ts';
import { timeOfDay } from '../words/format.ts';

/** Silent while the stream is open. Old data stays in sight, with its moment. */
export function ConnectionStrip({ run }: { readonly run: ReturnType<typeof useRun> }) {
  if (run.connection === 'live' || run.connection === 'opening') return null;
  const since = run.state ? ` As of ${timeOfDay(run.state.updatedAt)}.` : '';
  const lost = run.connection === 'failed';
  const signedOut = lost && isSignedOut(run.error);
  return (
    <div
      role="status"
      className={`flex items-center gap-2.5 border-b border-line px-3.5 py-1.5 ${lost ? 'bg-bad-wash' : 'bg-accent-wash'}`}
    >
      <Mark shape={lost ? 'square' : 'turning'} tone={lost ? 'bad' : 'run'} />
      <p className="min-w-0 flex-1">
        {signedOut
          ? 'This browser’s session is over; the run goes on.'
          : lost
            ? `Live updates stopped: ${explain(run.error).detail}`
            : 'Reconnecting… the run goes on; nothing is lost.'}
        {since}
      </p>
      {signedOut && (
        <Link to="/sign-in" className={buttonClasses()}>
          How to sign in
        </Link>
      )}
      {lost && <Button onClick={run.retry}>Try again</Button>}
    </div>
  );
}
