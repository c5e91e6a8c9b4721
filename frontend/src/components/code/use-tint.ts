import { useQuery } from '@tanstack/react-query';
import type { Piece } from './ink.ts';

type Lines = readonly (readonly Piece[])[];

interface Source {
  /** Names the text: what has the same key has the same text. */
  readonly key: readonly string[];
  readonly path: string;
  readonly read: () => Promise<string | null>;
}

/**
 * A text's inks, line by line; undefined until it is read, and for good where its language is not known. While `wait` holds,
 * nothing new is read.
 */
export function useTint(source: Source | null, { wait = false } = {}): Lines | undefined {
  const { data } = useQuery({
    queryKey: ['tint', ...(source?.key ?? []), source?.path ?? ''],
    queryFn: async () => {
      const [text, { tintLines }] = await Promise.all([source?.read() ?? null, import('./tint-lines.ts')]);
      return text === null ? null : tintLines(text, source?.path ?? '');
    },
    enabled: source !== null && !wait,
    // Ink is a comfort: without it the text is still there.
    retry: false,
    staleTime: Infinity,
    gcTime: 5 * 60_000,
  });
  return data ?? undefined;
}
