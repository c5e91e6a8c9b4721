import type { PreviewState, RunState } from '@devfactory/contracts';
import { useState } from 'react';
import { Blank, Skeleton } from '../../components/ui/blank.tsx';
import { Button } from '../../components/ui/button.tsx';
import { LiveNote } from '../../components/ui/live-note.tsx';
import { Failure } from '../../components/ui/notice.tsx';
import { useRunPlace, type Device } from '../../place/run-place.ts';
import { PreviewBar } from './preview-bar.tsx';
import { PreviewFrame } from './preview-frame.tsx';
import { ScreenshotDialog } from './screenshot-dialog.tsx';
import { sendTicket } from './send-ticket.ts';
import { ServerNote } from './server-note.tsx';
import { usePreview, useServer } from './use-preview.ts';

const widths: Readonly<Record<Device, number | null>> = { fit: null, phone: 390, tablet: 820, desktop: 1280 };

/** The project as its users see it, from the run's own sandbox. */
export function PreviewView({ state }: { readonly state: RunState }) {
  if (state.archived)
    return <Blank title="No preview of an archived run">Fork one of its checkpoints to run it again.</Blank>;
  if (state.head === null)
    return <Blank title="Nothing to show yet">The first files are on their way into the workspace.</Blank>;
  return <LivePreviewView key={state.id} runId={state.id} />;
}

function LivePreviewView({ runId }: { readonly runId: string }) {
  const live = usePreview(runId);
  const { start, stop } = useServer(runId);
  if (live.error)
    return <Failure what="The preview cannot be followed" error={live.error} onRetry={live.retry} className="m-3.5" />;
  if (!live.state) return <Skeleton lines={4} label="Looking at the workspace" />;
  const { server, ports } = live.state;
  const isBusy = start.isPending || server.is === 'preparing' || server.is === 'starting';
  const onStart = (): void => start.mutate();
  const onStop = (): void => stop.mutate();
  const shown = server.is === 'running' || ports.length > 0;
  return (
    <>
      <LiveNote text={server.is === 'running' ? `The preview runs on port ${server.port}.` : ''} />
      {start.error && (
        <Failure what="The preview could not be started" error={start.error} onRetry={onStart} className="m-3.5 mb-0" />
      )}
      {server.is !== 'stopped' && server.is !== 'running' && (
        <div className="shrink-0 p-3.5">
          <ServerNote server={server} onStart={onStart} onStop={onStop} busy={isBusy} />
        </div>
      )}
      {shown && (
        <Page
          runId={runId}
          shown={live.state}
          generation={live.generation}
          onStop={server.is === 'running' ? onStop : null}
        />
      )}
      {!shown && server.is === 'stopped' && (
        <Blank
          title="Nothing listens in the workspace"
          action={
            <Button look="primary" busy={isBusy} onClick={onStart}>
              Start the preview
            </Button>
          }
        >
          Starts the project’s own server in the run’s sandbox. Whatever else opens a port there, an agent’s server too,
          is shown here by itself.
        </Blank>
      )}
    </>
  );
}

function Page({
  runId,
  shown: { server, ports },
  generation,
  onStop,
}: {
  readonly runId: string;
  readonly shown: PreviewState;
  readonly generation: number;
  readonly onStop: (() => void) | null;
}) {
  const { place, go } = useRunPlace();
  const [reloads, setReloads] = useState(0);
  const [path, setPath] = useState('/');
  const [shooting, setShooting] = useState(false);
  const own = server.is === 'running' ? server.port : ports[0];
  const port = place.port !== undefined && ports.includes(place.port) ? place.port : own;
  if (port === undefined) return null;
  const device = place.device ?? 'fit';
  return (
    <>
      <PreviewBar
        ports={ports}
        port={port}
        path={path}
        device={device}
        onPort={(next) => go({ port: next }, { replace: true })}
        onPath={setPath}
        onDevice={(next) => go({ device: next === 'fit' ? undefined : next }, { replace: true })}
        onReload={() => setReloads((now) => now + 1)}
        onTab={() => void sendTicket({ runId, port, path, target: '_blank' }).catch(() => setReloads((now) => now + 1))}
        onScreenshot={() => setShooting(true)}
        onStop={onStop}
      />
      {shooting && (
        <ScreenshotDialog
          runId={runId}
          wish={{ port, path, ...(widths[device] === null ? {} : { width: widths[device] }) }}
          onClose={() => setShooting(false)}
        />
      )}
      <PreviewFrame
        key={`${port} ${path} ${reloads} ${generation}`}
        runId={runId}
        port={port}
        path={path}
        width={widths[device]}
      />
    </>
  );
}
