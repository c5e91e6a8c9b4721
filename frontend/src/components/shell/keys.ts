import { useEffect, useRef, type RefObject } from 'react';

export type KeyMap = Readonly<Record<string, (() => void) | undefined>>;

const key = 'devfactory.single-keys';

/** Whether keys without Ctrl or ⌘ do anything: who speaks to the machine may not want them to. */
export function singleKeysWork(): boolean {
  try {
    return localStorage.getItem(key) !== 'off';
  } catch {
    return true;
  }
}

export function setSingleKeys(work: boolean): void {
  try {
    localStorage.setItem(key, work ? 'on' : 'off');
  } catch {
    // Without storage they stay on.
  }
}

/** How long the first key of two waits for the second. */
const chordMs = 1200;
let first: { readonly key: string; readonly at: number } | null = null;

/**
 * Single keys, two in a row ('g r'), and 'mod+k' style chords, for the whole page. Keys typed into a field belong to the
 * field, those with Ctrl or ⌘ do not.
 */
export function useKeys(keys: KeyMap): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const mod = event.ctrlKey || event.metaKey;
      if (event.defaultPrevented || event.altKey || inDialog(event.target)) return;
      if (!mod && (isTyping(event.target) || !singleKeysWork())) return;
      const name = mod ? `mod+${event.key.toLowerCase()}` : event.key;
      const pair = first && event.timeStamp - first.at < chordMs ? `${first.key} ${name}` : '';
      const act = latest.current[pair] ?? latest.current[name];
      if (act) {
        first = null;
        event.preventDefault();
        act();
      } else if (Object.keys(latest.current).some((known) => known.startsWith(`${name} `)))
        first = { key: name, at: event.timeStamp };
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}

/** Ctrl or ⌘ with Enter, anywhere inside `room`, fields included: what sends a form. */
export function useSendKey(room: RefObject<HTMLElement | null>, send: () => void): void {
  const latest = useRef(send);
  useEffect(() => {
    latest.current = send;
  });
  useEffect(() => {
    const place = room.current;
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      latest.current();
    };
    place?.addEventListener('keydown', onKey);
    return () => place?.removeEventListener('keydown', onKey);
  }, [room]);
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName)) &&
    target.getAttribute('type') !== 'radio'
  );
}

function inDialog(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('[role=dialog],[role=alertdialog],[role=menu]') !== null;
}
