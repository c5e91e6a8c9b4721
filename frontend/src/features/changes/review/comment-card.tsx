import type { CommentRecord } from '@devfactory/contracts';
import { useCommand } from '../../../api/queries.ts';
import { Button } from '../../../components/ui/button.tsx';
import { Failure } from '../../../components/ui/notice.tsx';

/** Where the code that a comment is about stands now: at its line, elsewhere, nowhere; null while that is not known. */
export type Standing = { readonly line: number | null } | null;

/** A comment with what became of it. */
export function CommentCard({
  runId,
  comment,
  standing,
  onOpen,
}: {
  readonly runId: string;
  readonly comment: CommentRecord;
  readonly standing: Standing;
  /** Left out below the line itself. */
  readonly onOpen?: () => void;
}) {
  const command = useCommand(runId);
  const { id, path, lines, quote, text, feedbackId, addressed } = comment;
  const place = `${path}:${lines.from === lines.to ? lines.from : `${lines.from}-${lines.to}`}`;
  return (
    <article
      aria-label={`Comment on ${place}`}
      className="grid gap-1 rounded-lg border border-line bg-panel px-3 py-2 font-sans text-base"
    >
      <p className="flex flex-wrap items-center gap-x-2 gap-y-0.5 text-small text-ink-3">
        {onOpen ? (
          <button type="button" onClick={onOpen} className="tap mono min-w-0 truncate text-ink-2 underline">
            {place}
          </button>
        ) : (
          <span className="mono">{place}</span>
        )}
        <span className={addressed ? 'font-medium text-ink-2' : ''}>{wordOf(comment)}</span>
        {!addressed && standing && standing.line === null && (
          <span className="text-warn">Stale: this code is another one by now</span>
        )}
        {!addressed && standing && standing.line !== null && standing.line !== lines.from && (
          <span>now at line {standing.line}</span>
        )}
      </p>
      {onOpen && (
        <p className="mono line-clamp-3 border-l-2 border-line pl-2 whitespace-pre-wrap text-ink-2">{quote}</p>
      )}
      <p className="break-words whitespace-pre-wrap">{text}</p>
      {command.error && <Failure what="That was not taken" error={command.error} />}
      <div className="flex gap-2">
        {feedbackId === null ? (
          <Button
            look="quiet"
            busy={command.isPending}
            onClick={() => command.mutate({ do: 'withdraw-comment', commentId: id })}
          >
            Withdraw
          </Button>
        ) : (
          !addressed && (
            <Button
              look="quiet"
              busy={command.isPending}
              onClick={() => command.mutate({ do: 'address-comment', commentId: id })}
            >
              Mark as addressed
            </Button>
          )
        )}
      </div>
    </article>
  );
}

function wordOf({ feedbackId, addressed }: CommentRecord): string {
  if (!addressed) return feedbackId === null ? 'Waits to be sent' : 'Sent';
  return addressed.by.kind === 'person' ? 'Addressed' : `Addressed: the code changed at ${addressed.checkpointId}`;
}
