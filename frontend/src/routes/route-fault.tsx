import { useRouter, type ErrorComponentProps } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { Failure } from '../components/ui/notice.tsx';

/** A fault of the page itself, for instance a part of it that could not be loaded after an update. */
export function RouteFault({ error, reset }: ErrorComponentProps): ReactElement {
  const router = useRouter();
  const again = (): void => {
    reset();
    void router.invalidate();
  };
  return (
    <div className="mx-auto max-w-[640px] p-5">
      <Failure what="This page could not be shown" error={error} onRetry={again} />
    </div>
  );
}
