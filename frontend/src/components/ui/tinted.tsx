import { tint, type Tint } from '../code-tint.ts';

const inks: Record<Tint, string> = {
  comment: 'text-ink-3 italic',
  string: 'text-ink-2',
  keyword: 'text-accent',
  plain: '',
};

/** A line of code in its inks. An empty line keeps its height. */
export function Tinted({ line, path }: { readonly line: string; readonly path: string }) {
  if (line === '') return '\u200b';
  return tint(line, path).map((piece, index) =>
    piece.tint === 'plain' ? (
      piece.text
    ) : (
      <span key={index} className={inks[piece.tint]}>
        {piece.text}
      </span>
    ),
  );
}
