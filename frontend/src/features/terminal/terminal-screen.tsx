import type { TerminalCard } from '@devfactory/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { TerminalLine, type LineState } from '../../api/terminal-line.ts';
import { terminalsQuery } from '../../api/terminals.ts';
import { Button } from '../../components/ui/button.tsx';
import { LiveNote } from '../../components/ui/live-note.tsx';
import { KeyBar } from './key-bar.tsx';
import { LinkDialog } from './link-dialog.tsx';
import { makeScreen, type Screen } from './screen.ts';
import '@xterm/xterm/css/xterm.css';

interface Props {
  readonly runId: string;
  readonly card: TerminalCard;
  readonly onReopen: () => void;
  readonly reopening: boolean;
}

/** One terminal, as long as it is looked at; what it shows lives on the server. */
export function TerminalScreen({ runId, card, onReopen, reopening }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const screen = useRef<Screen | null>(null);
  const line = useRef<TerminalLine | null>(null);
  const [state, setState] = useState<LineState>({ is: 'connecting' });
  const [link, setLink] = useState<string | null>(null);
  const queries = useQueryClient();
  const follow = useEffectEvent((next: LineState) => {
    setState(next);
    if (next.is === 'ended') void queries.invalidateQueries(terminalsQuery(runId));
  });
  useEffect(() => {
    if (!place.current) return undefined;
    const made = makeScreen(place.current, {
      label: `Terminal ${card.number}. Shift+Escape leaves it.`,
      onLink: setLink,
      onType: (bytes) => line.current?.type(bytes),
      onSize: (size) => line.current?.resize(size),
    });
    screen.current = made;
    const way = new TerminalLine({ runId, id: card.id }, made.size, {
      bytes: made.show,
      reset: made.reset,
      state: follow,
    });
    line.current = way;
    made.focus();
    return () => {
      way.close();
      made.dispose();
      line.current = null;
      screen.current = null;
    };
  }, [runId, card.id, card.number]);
  const ended = state.is === 'ended' ? state.ended : null;
  return (
    <div className="flex min-h-0 min-w-0 flex-1 flex-col bg-sunk">
      <LiveNote text={ended?.sentence ?? (state.is === 'lost' ? 'The connection to the terminal was lost.' : '')} />
      {state.is === 'lost' && (
        <p className="shrink-0 border-b border-line bg-warn-wash px-3.5 py-1.5 text-small">
          Reconnecting… what runs in the terminal goes on.
        </p>
      )}
      <div ref={place} className="terminal min-h-0 min-w-0 flex-1 overflow-hidden py-1.5 pl-3" />
      {ended ? (
        <div className="flex shrink-0 flex-wrap items-center gap-3 border-t border-line bg-panel px-3.5 py-2">
          <span className="min-w-0 flex-1 break-words">{ended.sentence}</span>
          <Button look="primary" busy={reopening} onClick={onReopen}>
            Open a new one
          </Button>
        </div>
      ) : (
        <KeyBar onKey={(keys) => screen.current?.press(keys)} />
      )}
      <LinkDialog address={link} onClose={() => setLink(null)} />
    </div>
  );
}
