import type { PreviewServer } from '@devfactory/contracts';
import { Button } from '../../components/ui/button.tsx';
import { Notice } from '../../components/ui/notice.tsx';
import { Output } from '../../components/ui/scroll.tsx';

interface Props {
  readonly server: PreviewServer;
  readonly onStart: () => void;
  readonly onStop: () => void;
  readonly busy: boolean;
}

const crashLines = 20;

/** What the project's server is at while nothing of it can be shown, or why it ended. */
export function ServerNote({ server, onStart, onStop, busy }: Props) {
  switch (server.is) {
    case 'stopped':
    case 'running':
      return null;
    case 'preparing':
      return (
        <Notice
          tone="run"
          title={server.title === '' ? 'Looking at the project' : `Preparing ${server.title}`}
          actions={<Button onClick={onStop}>Stop</Button>}
        >
          <Command text={server.command} />
          <Lines lines={server.lines.slice(-8)} />
        </Notice>
      );
    case 'starting':
      return (
        <Notice tone="run" title="Waiting for it to listen on a port" actions={<Button onClick={onStop}>Stop</Button>}>
          <Command text={server.command} />
          <Lines lines={server.lines.slice(-8)} />
        </Notice>
      );
    case 'crashed':
      return (
        <Notice
          tone="bad"
          title={server.command === '' ? 'No preview' : 'The server is not running'}
          actions={
            <Button look="primary" busy={busy} onClick={onStart}>
              Start it again
            </Button>
          }
        >
          <Command text={server.command} />
          <p>{server.sentence}</p>
          <Lines lines={server.lines.slice(-crashLines)} />
        </Notice>
      );
  }
}

function Command({ text }: { readonly text: string }) {
  return text === '' ? null : <p className="mono break-all">{text}</p>;
}

function Lines({ lines }: { readonly lines: readonly string[] }) {
  if (lines.length === 0) return null;
  return (
    <Output label="Last lines of the server" className="mono mt-1.5 max-h-[320px] text-small text-ink">
      {lines.join('\n')}
    </Output>
  );
}
