import { useRouterState } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { Shell } from '../components/shell/shell.tsx';

/** A run's page brings its own top bar, so the shell saves its space on small screens there. */
export function RootRoute(): ReactElement {
  const compact = useRouterState({ select: (state) => /^\/runs\/[^/]+\/?$/.test(state.location.pathname) });
  return <Shell compact={compact} />;
}
