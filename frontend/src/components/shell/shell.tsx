import { Link, Outlet, useNavigate } from '@tanstack/react-router';
import { Keyboard, Plus, Rows3, Search, Settings } from 'lucide-react';
import { lazy, Suspense, useState, type ReactNode } from 'react';
import { useCommands } from './commands.ts';
import { useKeys } from './keys.ts';
import { Logo } from './logo.tsx';
import { ThemeMenu } from './theme-menu.tsx';
import { chooseTheme } from './theme.ts';

const KeyList = lazy(() => import('./key-list.tsx').then((part) => ({ default: part.KeyList })));

const Palette = lazy(() => import('./palette.tsx').then((part) => ({ default: part.Palette })));

const item =
  'flex w-14 flex-col items-center gap-0.5 rounded-lg pt-[7px] pb-[5px] text-[11px] leading-[14px] text-ink-2 hover:bg-sunk hover:text-ink aria-[current=page]:bg-accent-wash aria-[current=page]:font-semibold aria-[current=page]:text-accent [&_svg]:size-[18px]';

/** Rail and page. Below 900 px the rail becomes a bar at the top, which a run's own page does without. */
export function Shell({ compact }: { readonly compact: boolean }) {
  const [shown, setShown] = useState<'keys' | 'palette' | null>(null);
  useShellKeys(setShown);
  return (
    <div className="flex h-dvh flex-col wide:flex-row">
      <a
        href="#content"
        className="sr-only z-50 rounded-md bg-panel px-3 py-2 focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:shadow-overlay"
      >
        Skip to content
      </a>
      <nav
        aria-label="Main"
        className={`${compact ? 'hidden wide:flex' : 'flex'} shrink-0 items-center gap-1 border-line bg-panel px-3 max-wide:h-[53px] max-wide:border-b wide:w-16 wide:flex-col wide:border-r wide:px-0 wide:pb-2`}
      >
        <Link
          to="/"
          aria-label="AI DevFactory, start page"
          className="grid h-[52px] place-items-center max-wide:mr-2 wide:mb-1.5 wide:w-full wide:border-b wide:border-line"
        >
          <Logo />
        </Link>
        <Rail to="/" icon={<Plus aria-hidden="true" />} label="New" exact />
        <Rail to="/runs" icon={<Rows3 aria-hidden="true" />} label="Runs" />
        <Rail to="/settings" icon={<Settings aria-hidden="true" />} label="Settings" />
        <div className="ml-auto flex items-center gap-1 wide:mt-auto wide:ml-0 wide:flex-col">
          <button type="button" className={item} title="Find (Ctrl/⌘ K)" onClick={() => setShown('palette')}>
            <Search aria-hidden="true" />
            Find
          </button>
          <button type="button" className={`${item} max-wide:hidden`} onClick={() => setShown('keys')}>
            <Keyboard aria-hidden="true" />
            Keys
          </button>
          <ThemeMenu className={item} />
        </div>
      </nav>
      <main id="content" tabIndex={-1} className="flex min-h-0 min-w-0 flex-1 flex-col outline-none">
        <div className="min-h-0 flex-1">
          <Outlet />
        </div>
      </main>
      {shown !== null && (
        <Suspense>
          {shown === 'keys' ? (
            <KeyList open onClose={() => setShown(null)} />
          ) : (
            <Palette onClose={() => setShown(null)} />
          )}
        </Suspense>
      )}
    </div>
  );
}

/** What can be done from everywhere. */
function useShellKeys(show: (what: 'keys' | 'palette') => void): void {
  const navigate = useNavigate();
  const toNew = (): void => void navigate({ to: '/' });
  const toRuns = (): void => void navigate({ to: '/runs' });
  useKeys({ '?': () => show('keys'), 'mod+k': () => show('palette'), n: toNew, 'g r': toRuns });
  useCommands([
    { id: 'new', title: 'New run', group: 'Go to', keys: 'n', act: toNew },
    { id: 'runs', title: 'All runs', group: 'Go to', keys: 'g r', act: toRuns },
    { id: 'settings', title: 'Settings', group: 'Go to', act: () => void navigate({ to: '/settings' }) },
    {
      id: 'waiting',
      title: 'Runs that need you',
      group: 'Go to',
      act: () => void navigate({ to: '/runs', search: { state: 'waiting' } }),
    },
    { id: 'keys', title: 'Keys', group: 'Help', keys: '?', act: () => show('keys') },
    { id: 'light', title: 'Light', group: 'Theme', act: () => chooseTheme('light') },
    { id: 'dark', title: 'Dark', group: 'Theme', act: () => chooseTheme('dark') },
    { id: 'system', title: 'As the system', group: 'Theme', act: () => chooseTheme('system') },
  ]);
}

function Rail({
  to,
  icon,
  label,
  exact = false,
}: {
  readonly to: '/' | '/runs' | '/settings';
  readonly icon: ReactNode;
  readonly label: string;
  readonly exact?: boolean;
}) {
  return (
    <Link to={to} activeOptions={{ exact, includeSearch: false }} className={item}>
      {icon}
      {label}
    </Link>
  );
}
