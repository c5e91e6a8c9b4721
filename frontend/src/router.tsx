import type { QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { readRunPlace } from './place/run-place.ts';
import { HomeRoute } from './routes/home.tsx';
import { NotFoundRoute } from './routes/not-found.tsx';
import { RootRoute } from './routes/root.tsx';
import { RouteFault } from './routes/route-fault.tsx';

// Each route's component names its return type: inferred, it would need the router's type, which needs the component's.
const root = createRootRouteWithContext<{ queries: QueryClient }>()({
  component: RootRoute,
  notFoundComponent: NotFoundRoute,
  errorComponent: RouteFault,
});

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

export interface ListPlace {
  readonly state?: string;
  readonly q?: string;
  readonly sort?: string;
}

const home = createRoute({ getParentRoute: () => root, path: '/', component: HomeRoute });

const runs = createRoute({
  getParentRoute: () => root,
  path: '/runs',
  validateSearch: (raw: Record<string, unknown>): ListPlace => {
    // A search for digits comes back from the URL as a number.
    const words = typeof raw['q'] === 'number' ? String(raw['q']) : raw['q'];
    const [state, q, sort] = [text(raw['state']), text(words), text(raw['sort'])];
    return { ...(state ? { state } : {}), ...(q ? { q } : {}), ...(sort ? { sort } : {}) };
  },
  component: lazyRouteComponent(() => import('./routes/runs.tsx'), 'RunsRoute'),
});

const run = createRoute({
  getParentRoute: () => root,
  path: '/runs/$runId',
  validateSearch: readRunPlace,
  component: lazyRouteComponent(() => import('./routes/run.tsx'), 'RunRoute'),
});

const deliver = createRoute({
  getParentRoute: () => root,
  path: '/runs/$runId/deliver',
  component: lazyRouteComponent(() => import('./routes/deliver.tsx'), 'DeliverRoute'),
});

export interface SignInPlace {
  /** How one came here: by a link that opens nothing any more. */
  readonly link?: 'used';
}

const login = createRoute({
  getParentRoute: () => root,
  // Not /login: that address takes the printed link and belongs to the server.
  path: '/sign-in',
  validateSearch: (raw: Record<string, unknown>): SignInPlace => (raw['link'] === 'used' ? { link: 'used' } : {}),
  component: lazyRouteComponent(() => import('./routes/login.tsx'), 'LoginRoute'),
});

const settings = createRoute({
  getParentRoute: () => root,
  path: '/settings',
  component: lazyRouteComponent(() => import('./routes/settings.tsx'), 'SettingsRoute'),
});

const routes = root.addChildren([home, runs, run, deliver, settings, login]);

export function createConsoleRouter(queries: QueryClient) {
  return createRouter({ routeTree: routes, context: { queries }, defaultPreload: 'intent', scrollRestoration: true });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createConsoleRouter>;
  }
}
