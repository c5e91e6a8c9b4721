import { structuredPatch } from 'diff';

const patience = { timeout: 300, maxEditLength: 5000 };
const mostLines = 400;

/** What one side has and the other does not, as lines. */
export function TwoSides({ mine, theirs }: { readonly mine: string; readonly theirs: string }) {
  const patch = structuredPatch('', '', theirs, mine, '', '', { context: 2, ...patience });
  const lines = patch?.hunks.flatMap((hunk) => hunk.lines.filter((line) => !line.startsWith('\\'))) ?? [];
  if (!patch) return <p className="mt-2 text-small text-ink-3">The two are too different to be shown line by line.</p>;
  return (
    <div
      role="group"
      aria-label="Where the two differ"
      className="mono mt-2 overflow-auto rounded-md border border-line bg-panel leading-5"
    >
      {lines.slice(0, mostLines).map((line, index) => (
        <div
          key={index}
          className={`flex whitespace-pre ${line.startsWith('+') ? 'bg-added' : line.startsWith('-') ? 'bg-removed' : ''}`}
        >
          <span className="w-14 shrink-0 px-2 text-small text-ink-3 select-none">
            {line.startsWith('+') ? 'mine' : line.startsWith('-') ? 'theirs' : ''}
          </span>
          <span>{line.slice(1, 400)}</span>
        </div>
      ))}
      {lines.length > mostLines && (
        <p className="px-2 text-small text-ink-3">… {lines.length - mostLines} more lines</p>
      )}
    </div>
  );
}
