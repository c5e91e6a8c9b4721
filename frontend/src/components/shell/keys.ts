import { useEffect, useRef, type RefObject } from 'react';

export type KeyMap = Readonly<Record<string, (() => void) | undefined>>;

/** Single keys, and 'mod+enter' style chords, for the whole page. Keys typed into a field belong to the field. */
export function useKeys(keys: KeyMap): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.altKey || isTyping(event.target) || inDialog(event.target)) return;
      const chord = event.ctrlKey || event.metaKey ? `mod+${event.key.toLowerCase()}` : event.key;
      const act = latest.current[chord];
      if (!act) return;
      event.preventDefault();
      act();
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
