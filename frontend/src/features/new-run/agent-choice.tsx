import type { AgentCard } from '@devfactory/contracts';
import { Skeleton } from '../../components/ui/blank.tsx';
import { Failure } from '../../components/ui/notice.tsx';

interface Props {
  readonly agents: readonly AgentCard[] | undefined;
  readonly error: unknown;
  readonly onRetry: () => void;
  readonly value: string;
  readonly onChange: (id: string) => void;
}

/** Who does the work. What cannot be chosen stays in sight, with the reason and what mends it. */
export function AgentChoice({ agents, error, onRetry, value, onChange }: Props) {
  if (error) return <Failure what="The list of agents could not be read" error={error} onRetry={onRetry} />;
  if (!agents) return <Skeleton lines={2} label="Reading the agents" />;
  return (
    <div id="agent" tabIndex={-1} role="radiogroup" aria-label="Agent" className="grid gap-2 wide:grid-cols-2">
      {agents.map((agent) => (
        <label
          key={agent.id}
          className="flex cursor-pointer gap-2.5 rounded-md border border-line bg-panel px-3 py-2 has-checked:border-accent has-disabled:cursor-default has-disabled:bg-transparent has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent"
        >
          <input
            type="radio"
            name="agent"
            checked={agent.id === value}
            disabled={!agent.available}
            onChange={() => onChange(agent.id)}
            className="mt-[3px] size-3.5 shrink-0 accent-accent outline-none"
          />
          <span className="min-w-0">
            <span className={`font-medium ${agent.available ? '' : 'text-ink-2'}`}>{agent.title}</span>
            <span className="block text-small text-ink-2">{agent.note}</span>
            {!agent.available && <span className="block text-small text-ink-3">Not available: {agent.why}</span>}
          </span>
        </label>
      ))}
    </div>
  );
}
