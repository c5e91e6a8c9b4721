import { stretches, type Piece, type Range, type Tint } from './ink.ts';

const inks: Record<Tint, string> = {
  comment: 'text-ink-3 italic',
  string: 'text-ink-2',
  keyword: 'text-accent',
  name: 'font-semibold',
  plain: '',
};

interface Props {
  readonly line: string;
  readonly pieces: readonly Piece[] | undefined;
  readonly marks?: readonly Range[] | undefined;
  /** Class of what is marked. */
  readonly mark?: string;
}

/** A line of code in its inks. An empty line keeps its height. */
export function CodeText({ line, pieces, marks, mark = '' }: Props) {
  if (line === '') return '\u200b';
  return stretches(line, pieces, marks).map(({ text, tint, marked }, index) =>
    tint === 'plain' && !marked ? (
      text
    ) : (
      <span key={index} className={marked ? `${inks[tint]} ${mark}` : inks[tint]}>
        {text}
      </span>
    ),
  );
}
