import { useState } from 'react';

/** A choice that this browser remembers: who chooses once has chosen for every run. `fallback` counts until then. */
export function useKept<T extends string>(
  name: string,
  choices: readonly T[],
  fallback: () => T,
): readonly [T, (choice: T) => void] {
  const key = `devfactory.${name}`;
  const [choice, setChoice] = useState(() => {
    try {
      const kept = localStorage.getItem(key);
      return choices.find((item) => item === kept) ?? fallback();
    } catch {
      return fallback();
    }
  });
  const choose = (next: T): void => {
    setChoice(next);
    try {
      localStorage.setItem(key, next);
    } catch {
      // Without storage the choice lives as long as the page.
    }
  };
  return [choice, choose];
}
