import { useLiveAnswer } from '../../api/use-run.ts';

const shown = 600;

/** An answer while it is written. Not announced: a reader hears it once it is whole. */
export function LiveAnswer({ runId, step }: { readonly runId: string; readonly step: number }) {
  const answer = useLiveAnswer(runId, step);
  if (!answer) return null;
  const { text, thinking, call } = answer;
  const said = text === '' ? thinking : text;
  return (
    <div className="mt-0.5 text-ink-2" aria-busy="true">
      {said !== '' && (
        <p className={`break-words whitespace-pre-wrap ${text === '' ? 'text-ink-3 italic' : ''}`}>
          {said.length > shown && '… '}
          {said.slice(-shown)}
          <span
            aria-hidden="true"
            className="ml-0.5 inline-block h-3.5 w-1.5 translate-y-0.5 bg-accent motion-safe:animate-pulse"
          />
        </p>
      )}
      {call && (
        <p className="text-small text-ink-3">
          Writes a call of {call.tool}
          {call.length > 0 && `, ${call.length.toLocaleString('en')} characters so far`}
        </p>
      )}
    </div>
  );
}
