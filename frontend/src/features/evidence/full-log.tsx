import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { blobQuery } from '../../api/queries.ts';
import { CodeLines } from '../../components/code/code-lines.tsx';
import { Skeleton } from '../../components/ui/blank.tsx';
import { Failure } from '../../components/ui/notice.tsx';
import { bytes } from '../../words/format.ts';

const most = 1_000_000;

/** The whole output of an execution, in its place. */
export function FullLog({ runId, digest }: { readonly runId: string; readonly digest: string }) {
  const [open, setOpen] = useState(false);
  const log = useQuery({ ...blobQuery(runId, digest, most), enabled: open });
  return (
    <div>
      <button
        type="button"
        aria-expanded={open}
        className="min-h-6 text-accent underline underline-offset-2"
        onClick={() => setOpen(!open)}
      >
        {open ? 'Hide the full log' : 'Full log'}
      </button>
      <a
        href={`/api/runs/${runId}/blobs/${digest}`}
        download={`evidence-${digest.slice(0, 8)}.log`}
        className="ml-3 inline-block min-h-6 text-accent underline underline-offset-2"
      >
        Download
      </a>
      {open && log.isError && (
        <Failure what="The log could not be read" error={log.error} onRetry={() => void log.refetch()} />
      )}
      {open && log.isPending && <Skeleton lines={4} label="Reading the log" />}
      {open && log.data !== undefined && (
        <div className="mt-1 flex h-80 flex-col overflow-hidden rounded-lg border border-line">
          <CodeLines text={log.data} label="Full log" wrap />
          {log.data.length >= most && (
            <p className="border-t border-line px-3 py-1 text-small text-ink-3">
              The first {bytes(most)} are shown; download it for the rest.
            </p>
          )}
        </div>
      )}
    </div>
  );
}
