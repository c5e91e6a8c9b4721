import type { AgentInGallery, AgentTrial } from '@devfactory/contracts';
import type { ReactElement } from 'react';
import { useAgentOrder, useTrial } from '../../api/agents.ts';
import { Button } from '../../components/ui/button.tsx';
import { Failure, Notice } from '../../components/ui/notice.tsx';
import { bytes } from '../../words/format.ts';

/** What can be done with an agent: fetch and take away its program, try it out, change or remove one's own. */
export function AgentOrders({
  agent,
  onChange,
}: {
  readonly agent: AgentInGallery;
  readonly onChange: () => void;
}): ReactElement | null {
  const order = useAgentOrder();
  const trial = useTrial();
  const { id, title, program, own, canTry } = agent;
  const isFetching = program?.state === 'fetching';
  const say = (what: 'fetch' | 'cancel-fetch' | 'remove-program' | 'forget') => () => order.mutate({ do: what, id });
  const name = <span className="sr-only">{title}</span>;
  if (!canTry && !program && !own) return null;
  return (
    <div className="grid gap-2">
      {program && program.problem !== '' && (
        <Notice tone="bad" title={`${title} could not be fetched`}>
          <span className="whitespace-pre-wrap wrap-anywhere">{program.problem}</span>
        </Notice>
      )}
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        {program && program.state !== 'ready' && !isFetching && (
          <Button busy={order.isPending} onClick={say('fetch')}>
            {program.problem === '' ? 'Fetch now' : 'Try again'} {name}
          </Button>
        )}
        {isFetching && (
          <>
            <Button busy={order.isPending} onClick={say('cancel-fetch')}>
              Stop fetching {name}
            </Button>
            <span className="text-small text-ink-3">{bytes(program.bytes ?? 0)} here so far</span>
          </>
        )}
        {canTry && !isFetching && (
          <Button busy={trial.isPending} onClick={() => trial.mutate(id)}>
            {trial.isPending ? 'Starting it…' : 'Try it'} {name}
          </Button>
        )}
        {own && (
          <Button look="quiet" onClick={onChange}>
            Change {name}
          </Button>
        )}
        {program?.state === 'ready' && (
          <Button look="quiet" busy={order.isPending} onClick={say('remove-program')}>
            Remove the program {name}
          </Button>
        )}
        {own && (
          <Button look="danger" busy={order.isPending} onClick={say('forget')}>
            Remove {name}
          </Button>
        )}
      </div>
      {order.error && <Failure what="That was not done" error={order.error} />}
      {trial.error && <Failure what="It could not be tried" error={trial.error} />}
      <div role="status">
        {isFetching && <span className="sr-only">{title} is being fetched</span>}
        {trial.data && <Found trial={trial.data} />}
      </div>
    </div>
  );
}

function Found({ trial }: { readonly trial: AgentTrial }): ReactElement {
  const { ok, sentence, offers, modes, startMs } = trial;
  const facts = [
    ...(offers.length > 0 ? [`It ${offers.join(', ')}.`] : []),
    ...(modes.length > 0 ? [`Its modes: ${modes.join(', ')}.`] : []),
    ...(startMs === null ? [] : [`It took ${(startMs / 1000).toFixed(1)} s to begin.`]),
  ];
  return (
    <Notice tone={ok ? 'ok' : 'bad'} title={ok ? 'It works' : 'It does not work'}>
      <span className="whitespace-pre-wrap wrap-anywhere">{[sentence, ...facts].join(' ')}</span>
    </Notice>
  );
}
