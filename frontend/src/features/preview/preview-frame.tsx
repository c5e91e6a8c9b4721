import { useEffect, useId, useState } from 'react';
import { Failure } from '../../components/ui/notice.tsx';
import { sendTicket } from './send-ticket.ts';

interface Props {
  readonly runId: string;
  readonly port: number;
  readonly path: string;
  /** CSS pixels; null for all there is. */
  readonly width: number | null;
}

/** The page in a frame that may not lead this one away. Made anew, by its key, it lets itself in again. */
export function PreviewFrame({ runId, port, path, width }: Props) {
  const name = `preview-${useId()}`;
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    let isShown = true;
    sendTicket({ runId, port, path, target: name }).catch((reason: unknown) => {
      if (isShown) setError(reason);
    });
    return () => {
      isShown = false;
    };
  }, [runId, port, path, name]);
  if (error !== null) return <Failure what="The preview cannot be opened" error={error} className="m-3.5" />;
  return (
    <div className="flex min-h-0 flex-1 justify-center overflow-auto bg-sunk">
      <iframe
        name={name}
        title={`Preview of port ${port}`}
        // oxlint-disable-next-line react/iframe-missing-sandbox -- because the page has an origin of its own: it keeps its storage there and cannot reach this one.
        sandbox="allow-scripts allow-same-origin allow-forms allow-popups allow-modals allow-downloads"
        referrerPolicy="no-referrer"
        className="h-full shrink-0 border-0"
        // As a tab of its own: white until the page says otherwise.
        style={{ width: width ?? '100%', background: '#fff', colorScheme: 'light' }}
      />
    </div>
  );
}
