import type { Check, Requirement, RunCommandInput } from '@devfactory/contracts';
import { Pencil, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useCommand } from '../../api/queries.ts';
import { CheckContent } from '../../components/check-content.tsx';
import { RequirementForm } from '../../components/requirement-form.tsx';
import { IconButton } from '../../components/ui/icon-button.tsx';
import { Failure } from '../../components/ui/notice.tsx';

interface Props {
  readonly requirement: Requirement;
  readonly checks: readonly Check[];
  readonly runId: string;
}

const originWords = { agent: 'worded by the agent', person: 'your words', source: 'tests of the source' } as const;

/** One requirement of the plan: its words can be changed or taken out, its checks read in full. */
export function PlanItem({ requirement, checks, runId }: Props) {
  const [editing, setEditing] = useState(false);
  const command = useCommand(runId);
  const { id, text, priority, origin, cannot } = requirement;
  return (
    <li className="rounded-lg border border-line bg-panel px-3 py-2">
      {editing ? (
        <RewordForm
          requirement={requirement}
          onDone={() => setEditing(false)}
          send={(body, done) => command.mutate(body, { onSuccess: done })}
          busy={command.isPending}
        />
      ) : (
        <div className="flex items-start gap-1">
          <p className="min-w-0 flex-1 pt-1 break-words">
            <span className="mono-tiny mr-1.5 text-ink-3">{id}</span>
            {text}
            <span className="block text-small text-ink-3">
              {priority} · {originWords[origin]}
            </span>
          </p>
          <IconButton label={`Reword ${id}`} icon={<Pencil />} onClick={() => setEditing(true)} />
          <IconButton
            label={`Remove ${id}`}
            icon={<Trash2 />}
            disabled={command.isPending}
            onClick={() => command.mutate({ do: 'remove-requirement', id })}
          />
        </div>
      )}
      {command.error && <Failure what={`${id} was not changed`} error={command.error} className="my-1.5" />}
      {cannot && (
        <p className="text-small">
          <span className="font-medium text-warn">The agent cannot meet this:</span>{' '}
          <span className="text-ink-2">{cannot}</span>
        </p>
      )}
      {checks.length === 0 ? (
        <p className="text-small text-ink-3">No check.</p>
      ) : (
        <ul className="mt-1 border-t border-line pt-1">
          {checks.map((check) => (
            <li key={check.id}>
              <CheckLine check={check} runId={runId} />
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}

const kinds: Record<Check['kind'], string> = {
  http: 'HTTP, from outside',
  command: 'command, from outside',
  file: 'file, from outside',
  test: 'tests, inside',
};

function CheckLine({ check, runId }: { readonly check: Check; readonly runId: string }) {
  const [open, setOpen] = useState(false);
  return (
    <div>
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="min-h-6 w-full text-left hover:underline"
      >
        <span className="mono-tiny mr-2 text-ink-3">{check.id}</span>
        {check.title}
        <span className="ml-2 text-small text-ink-3">
          {kinds[check.kind]}
          {check.intent === 'keep' && ' · must hold before and after'}
        </span>
      </button>
      {open && <CheckContent runId={runId} check={check} />}
    </div>
  );
}

interface FormProps {
  readonly requirement: Requirement;
  readonly onDone: () => void;
  readonly send: (command: RunCommandInput, done: () => void) => void;
  readonly busy: boolean;
}

function RewordForm({ requirement, onDone, send, busy }: FormProps) {
  const [priority, setPriority] = useState(requirement.priority);
  const submit = (text: string): void => {
    if (text.trim() === '' || (text.trim() === requirement.text && priority === requirement.priority)) return onDone();
    send({ do: 'reword-requirement', id: requirement.id, text, priority }, onDone);
  };
  return (
    <RequirementForm
      field={`reword-${requirement.id}`}
      label={requirement.id}
      labelClassName="mono-tiny text-ink-3"
      text={requirement.text}
      fieldClassName="bg-bg"
      choice={
        <select
          aria-label="Priority"
          value={priority}
          onChange={(event) => setPriority(event.target.value as Requirement['priority'])}
          className="tap mr-auto rounded-md border border-line bg-panel px-2"
        >
          <option value="must">must</option>
          <option value="should">should</option>
          <option value="could">could</option>
        </select>
      }
      submit="Save wording"
      busy={busy}
      onSubmit={submit}
      onCancel={onDone}
    />
  );
}
