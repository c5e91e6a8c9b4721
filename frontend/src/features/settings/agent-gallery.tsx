import type { AgentInGallery, OwnAgent } from '@devfactory/contracts';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState, type ReactElement } from 'react';
import { galleryQuery } from '../../api/agents.ts';
import { Skeleton } from '../../components/ui/blank.tsx';
import { Button } from '../../components/ui/button.tsx';
import { Mark } from '../../components/ui/mark.tsx';
import { Failure } from '../../components/ui/notice.tsx';
import { bytes, fullMoment } from '../../words/format.ts';
import { stageLook } from '../../words/stage-words.ts';
import { AgentForm } from './agent-form.tsx';
import { AgentOrders } from './agent-orders.tsx';
import { wireNames } from './wire-names.ts';

/** Who can work here: what each can do, which models it takes, what is fetched of it, and how it did last; and agents of one's own. */
export function AgentGallery(): ReactElement {
  const { data, error, refetch } = useQuery(galleryQuery);
  const [formOf, setFormOf] = useState<OwnAgent | 'new' | null>(null);
  if (error && !data) return <Failure what="The agents cannot be shown" error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton lines={6} label="Reading the agents" />;
  return (
    <>
      <ul className="grid gap-2 wide:grid-cols-2">
        {data.map((agent) => (
          <Card key={agent.id} agent={agent} onChange={() => setFormOf(agent.own)} />
        ))}
      </ul>
      {formOf === null ? (
        <div>
          <Button onClick={() => setFormOf('new')}>Add an agent of your own</Button>
        </div>
      ) : (
        <AgentForm
          key={formOf === 'new' ? 'new' : formOf.id}
          before={formOf === 'new' ? null : formOf}
          onDone={() => setFormOf(null)}
        />
      )}
    </>
  );
}

function Card({ agent, onChange }: { readonly agent: AgentInGallery; readonly onChange: () => void }): ReactElement {
  return (
    <li
      aria-label={agent.title}
      className="grid min-w-0 content-start gap-2 rounded-lg border border-line bg-panel px-4 py-3"
    >
      <h3 className="flex flex-wrap items-center gap-2 font-medium">
        <Mark shape={agent.available ? 'disc' : 'ring'} tone={agent.available ? 'ok' : 'none'} />
        {agent.title}
        <span className="text-small font-normal text-ink-3">
          {agent.available ? 'ready for a run' : 'needs a model to be set up above'}
        </span>
      </h3>
      <p className="text-small text-ink-2">{agent.note}</p>
      <dl className="grid grid-cols-[max-content_minmax(0,1fr)] gap-x-3 gap-y-1 text-small">
        <dt className="text-ink-3">Models</dt>
        <dd>{modelWords(agent)}</dd>
        <dt className="text-ink-3">Program</dt>
        <dd className="wrap-anywhere">{programWords(agent)}</dd>
        <dt className="text-ink-3">Last run</dt>
        <dd className="wrap-anywhere">
          <LastRun agent={agent} />
        </dd>
      </dl>
      <AgentOrders agent={agent} onChange={onChange} />
    </li>
  );
}

function modelWords({ needsModel, wire }: AgentInGallery): string {
  if (!needsModel) return 'No model';
  return `Any that is set up${wire ? `; it speaks ${wireNames[wire]}, and the factory translates` : ''}`;
}

function programWords({ program, own }: AgentInGallery): string {
  if (!program) return own ? own.command.join(' ').slice(0, 200) : 'Comes with the factory';
  const words = {
    absent: 'not fetched yet',
    fetching: 'being fetched',
    ready: 'fetched',
    unknown: 'cannot be looked at',
  };
  const size = program.state === 'ready' && program.bytes !== null ? `, ${bytes(program.bytes)}` : '';
  return `${program.package} ${program.version}, ${words[program.state]}${size}`;
}

function LastRun({ agent: { lastRun } }: { readonly agent: AgentInGallery }): ReactElement {
  if (!lastRun) return <>None yet</>;
  const { word, tone } = stageLook(lastRun.state);
  return (
    <>
      <Link to="/runs/$runId" params={{ runId: lastRun.id }} className="underline hover:no-underline">
        {lastRun.name}
      </Link>{' '}
      <time
        dateTime={lastRun.updatedAt}
        title={fullMoment(lastRun.updatedAt)}
        className={tone === 'bad' ? 'text-bad' : ''}
      >
        {word}
      </time>
      {tone === 'bad' && `: ${lastRun.sentence}`}
    </>
  );
}
