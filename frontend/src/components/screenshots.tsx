import type { Screenshot } from '@devfactory/contracts';
import { useState } from 'react';
import { Button } from './ui/button.tsx';
import { Dialog } from './ui/dialog.tsx';

interface Props {
  readonly runId: string;
  readonly screenshots: readonly Screenshot[];
}

/** What a browser showed, small, and as it was by a click. */
export function Screenshots({ runId, screenshots }: Props) {
  const [open, setOpen] = useState<Screenshot | null>(null);
  return (
    <>
      <ul aria-label="Screenshots" className="flex flex-wrap gap-2">
        {screenshots.map((shot, index) => (
          <li key={index}>
            <button
              type="button"
              aria-label={`Screenshot ${shot.name}, enlarge`}
              className="grid w-44 gap-1 rounded-md border border-line bg-sunk p-1 text-left hover:border-ink-3"
              onClick={() => setOpen(shot)}
            >
              <Shot runId={runId} shot={shot} className="h-28 w-full rounded-sm bg-panel object-cover object-top" />
              <span className="truncate px-0.5 text-small text-ink-2">{shot.name}</span>
            </button>
          </li>
        ))}
      </ul>
      <Dialog
        open={open !== null}
        onClose={() => setOpen(null)}
        title={open?.name ?? ''}
        description={open && `${open.width} × ${open.height}, as Chromium showed it`}
        wide="most"
        actions={<Button onClick={() => setOpen(null)}>Close</Button>}
      >
        {open && (
          <Shot
            runId={runId}
            shot={open}
            className="mx-auto h-auto max-h-[66dvh] w-auto max-w-full rounded-md border border-line"
          />
        )}
      </Dialog>
    </>
  );
}

function Shot({
  runId,
  shot,
  className,
}: {
  readonly runId: string;
  readonly shot: Screenshot;
  readonly className: string;
}) {
  const { digest, name, width, height } = shot;
  return (
    <img
      src={`/api/runs/${runId}/pictures/${digest}`}
      alt={`The page: ${name}`}
      width={width}
      height={height}
      loading="lazy"
      className={className}
    />
  );
}
