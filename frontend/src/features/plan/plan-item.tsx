import type { Check, Requirement, RunCommandInput } from '@devfactory/contracts';
import { Merge, Pencil, Trash2 } from 'lucide-react';
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
  /** The one above, where both may be made one. */
  readonly above: Requirement | null;
}

const originWords = { agent: 'worded by the agent', person: 'your words', source: 'tests of the source' } as const;

/** One requirement of the plan: its words can be changed or taken out, its checks read in full. */
export function PlanItem({ requirement, checks, runId, above }: Props) {
  const [editing, setEditing] = useState<'words' | 'merge' | null>(null);
  const command = useCommand(runId);
  const { id, text, priority, origin, cannot } = requirement;
  /** One after the other; the first that is refused is told, and what was taken stays. */
  const sendAll = async (commands: readonly RunCommandInput[]): Promise<void> => {
    try {
      for (const one of commands) await command.mutateAsync(one);
      setEditing(null);
    } catch {
      // It stands below, as `command.error`.
    }
  };
  return (
    <li className="rounded-lg border border-line bg-panel px-3 py-2">
      {editing ? (
        <RewordForm
          requirement={editing === 'merge' && above ? { ...above, text: `${above.text} ${text}` } : requirement}
          label={editing === 'merge' && above ? above.id : id}
          merged={editing === 'merge' ? id : null}
          onDone={() => setEditing(null)}
          send={(commands) => void sendAll(commands)}
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
          {above && (
            <IconButton label={`Merge ${id} into ${above.id}`} icon={<Merge />} onClick={() => setEditing('merge')} />
          )}
          <IconButton label={`Reword or split ${id}`} icon={<Pencil />} onClick={() => setEditing('words')} />
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
  browser: 'browser, from outside',
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
  readonly label: string;
  /** Which one goes when they are one. */
  readonly merged: string | null;
  readonly onDone: () => void;
  readonly send: (commands: readonly RunCommandInput[]) => void;
  readonly busy: boolean;
}

/** New words for a requirement. Each further line becomes a requirement of its own. */
function RewordForm({ requirement, label, merged, onDone, send, busy }: FormProps) {
  const [priority, setPriority] = useState(requirement.priority);
  const submit = (text: string): void => {
    const [first, ...more] = text.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim()]));
    const same =
      merged === null && more.length === 0 && first === requirement.text && priority === requirement.priority;
    if (first === undefined || same) return onDone();
    send([
      // What is added comes first: when a later one is refused, words stand there twice and are never gone.
      ...more.map((line) => ({ do: 'add-requirement' as const, text: line, priority })),
      { do: 'reword-requirement', id: requirement.id, text: first, priority },
      ...(merged === null ? [] : [{ do: 'remove-requirement' as const, id: merged }]),
    ]);
  };
  return (
    <RequirementForm
      field={`reword-${requirement.id}`}
      label={
        <>
          {label}
          <span className="font-sans text-small">
            {merged === null
              ? ' · each line becomes a requirement of its own'
              : ` · takes ${merged} in, which goes with its checks`}
          </span>
        </>
      }
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
      submit={merged !== null ? 'Merge' : 'Save wording'}
      busy={busy}
      onSubmit={submit}
      onCancel={onDone}
    />
  );
}
