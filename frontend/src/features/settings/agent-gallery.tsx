import type { AgentInGallery } from '@devfactory/contracts';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { galleryQuery, useFetchAgent } from '../../api/agents.ts';
import { Skeleton } from '../../components/ui/blank.tsx';
import { Button } from '../../components/ui/button.tsx';
import { Mark } from '../../components/ui/mark.tsx';
import { Failure, Notice } from '../../components/ui/notice.tsx';
import { bytes, fullMoment } from '../../words/format.ts';
import { stageLook } from '../../words/stage-words.ts';

const wires: Readonly<Record<NonNullable<AgentInGallery['wire']>, string>> = {
  'chat-completions': 'Chat Completions',
  responses: 'Responses',
  messages: 'Messages',
  'generate-content': 'generateContent',
};

/** Who can work here: what each can do, which models it takes, what is fetched of it, and how it did last. */
export function AgentGallery(): ReactElement {
  const { data, error, refetch } = useQuery(galleryQuery);
  if (error && !data) return <Failure what="The agents cannot be shown" error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton lines={6} label="Reading the agents" />;
  return (
    <ul className="grid gap-2 wide:grid-cols-2">
      {data.map((agent) => (
        <li
          key={agent.id}
          aria-label={agent.title}
          className="grid min-w-0 content-start gap-2 rounded-lg border border-line bg-panel px-4 py-3"
        >
          <h3 className="flex items-center gap-2 font-medium">
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
          {agent.program && <Fetching agent={agent} program={agent.program} />}
        </li>
      ))}
    </ul>
  );
}

function modelWords({ needsModel, wire }: AgentInGallery): string {
  if (!needsModel) return 'No model';
  return `Any that is set up${wire ? `; it speaks ${wires[wire]}, and the factory translates` : ''}`;
}

function programWords({ program }: AgentInGallery): string {
  if (!program) return 'Comes with the factory';
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

function Fetching({
  agent,
  program,
}: {
  readonly agent: AgentInGallery;
  readonly program: NonNullable<AgentInGallery['program']>;
}): ReactElement {
  const fetch = useFetchAgent();
  const isBusy = program.state === 'fetching' || fetch.isPending;
  return (
    <div className="grid gap-2">
      {program.problem !== '' && (
        <Notice tone="bad" title={`${agent.title} could not be fetched`}>
          <span className="whitespace-pre-wrap wrap-anywhere">{program.problem}</span>
        </Notice>
      )}
      {fetch.error && <Failure what="Fetching could not begin" error={fetch.error} />}
      {program.state !== 'ready' && (
        <div className="flex flex-wrap items-center gap-3">
          <Button busy={isBusy} onClick={() => fetch.mutate(agent.id)}>
            {isBusy ? 'Fetching…' : program.problem === '' ? 'Fetch now' : 'Try again'}
            <span className="sr-only">{agent.title}</span>
          </Button>
          {isBusy && <span className="text-small text-ink-3">{bytes(program.bytes ?? 0)} here so far</span>}
        </div>
      )}
      <p role="status" className="sr-only">
        {program.state === 'fetching' ? `${agent.title} is being fetched` : ''}
      </p>
    </div>
  );
}
