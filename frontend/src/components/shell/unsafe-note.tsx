import { useQuery } from '@tanstack/react-query';
import { aboutQuery } from '../../api/queries.ts';
import { Mark } from '../ui/mark.tsx';

/** In sight on every page while the factory runs agents without a sandbox. */
export function UnsafeNote() {
  const about = useQuery({ ...aboutQuery, retry: false });
  if (!about.data?.unsafe) return null;
  return (
    <p role="note" className="flex items-center gap-2.5 border-b border-bad/40 bg-bad-wash px-3.5 py-1.5">
      <Mark shape="square" tone="bad" />
      <span>
        <b className="font-semibold text-bad">No sandbox.</b> This factory was started with --unsafe-no-sandbox: what an
        agent writes runs with the rights of the person who started it.
      </span>
    </p>
  );
}
