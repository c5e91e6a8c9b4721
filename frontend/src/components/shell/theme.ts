import { useSyncExternalStore } from 'react';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const key = 'devfactory.theme';
const darkness = window.matchMedia('(prefers-color-scheme: dark)');
const listeners = new Set<() => void>();

function chosen(): Theme {
  try {
    return themes.find((theme) => theme === localStorage.getItem(key)) ?? 'system';
  } catch {
    // Storage can be forbidden; then the system decides.
    return 'system';
  }
}

/** Puts the chosen theme on the page and keeps it there when the system's own changes. */
export function applyTheme(): void {
  const paint = (): void => {
    const theme = chosen();
    document.documentElement.dataset['theme'] = theme === 'system' ? (darkness.matches ? 'dark' : 'light') : theme;
  };
  paint();
  darkness.addEventListener('change', paint);
  listeners.add(paint);
}

export function useTheme(): readonly [Theme, (theme: Theme) => void] {
  const theme = useSyncExternalStore(subscribe, chosen);
  return [theme, chooseTheme];
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function chooseTheme(theme: Theme): void {
  try {
    localStorage.setItem(key, theme);
  } catch {
    document.documentElement.dataset['theme'] = theme;
  }
  for (const listener of listeners) listener();
}
