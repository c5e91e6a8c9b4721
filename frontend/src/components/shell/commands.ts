import { useEffect, useRef } from 'react';

/** Something a person can do here, by its words: what the palette lists. */
export interface Command {
  /** Unique among all that is offered at a time. */
  readonly id: string;
  readonly title: string;
  /** What it belongs to, in a word. */
  readonly group: string;
  /** Keys that do the same. */
  readonly keys?: string;
  readonly act: () => void;
}

const offered = new Set<{ readonly current: readonly Command[] }>();

/** Offers commands as long as the component is there. */
export function useCommands(commands: readonly Command[]): void {
  const latest = useRef(commands);
  useEffect(() => {
    latest.current = commands;
  });
  useEffect(() => {
    offered.add(latest);
    return () => void offered.delete(latest);
  }, []);
}

/** What can be done at this moment; what the newest part of the page offers comes first. */
export function offeredCommands(): readonly Command[] {
  const all = [...offered].toReversed().flatMap((list) => list.current);
  return [...new Map(all.map((command) => [command.id, command])).values()];
}
