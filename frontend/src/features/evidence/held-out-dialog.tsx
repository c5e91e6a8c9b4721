import type { RequirementView, RunCommandInput } from '@devfactory/contracts';
import { useState, type ChangeEvent } from 'react';
import { useCommand } from '../../api/queries.ts';
import { Button } from '../../components/ui/button.tsx';
import { Dialog } from '../../components/ui/dialog.tsx';
import { Field } from '../../components/ui/field.tsx';
import { Failure } from '../../components/ui/notice.tsx';
import { Segmented } from '../../components/ui/segmented.tsx';

interface Props {
  readonly view: RequirementView;
  readonly runId: string;
  readonly onClose: () => void;
}

type Spec = Extract<RunCommandInput, { do: 'hold-out-check' }>['check']['spec'];
interface Draft {
  readonly kind: 'http' | 'file' | 'json';
  readonly title: string;
  /** 'GET /items', a file's path, or the whole check as JSON. */
  readonly subject: string;
  readonly status: string;
  /** What the answer or the file has to contain. */
  readonly text: string;
}

const request = /^(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\s+(\/\S*)$/;
const example = `{ "kind": "command", "argv": ["./total", "3"], "expect": { "exitCode": 0, "stdoutIncludes": ["6"] } }`;
const subjects: Record<Draft['kind'], { readonly label: string; readonly placeholder: string }> = {
  http: { label: 'Request', placeholder: 'GET /items?limit=0' },
  file: { label: 'File', placeholder: 'docs/licence.txt' },
  json: { label: 'What it asks, as JSON', placeholder: example },
};

/** A check of the person's own that no agent is shown. The server has the last word on its form. */
export function HeldOutDialog({ view, runId, onClose }: Props) {
  const [draft, setDraft] = useState<Draft>({ kind: 'http', title: '', subject: '', status: '200', text: '' });
  const [fault, setFault] = useState('');
  const command = useCommand(runId);
  const change = (part: Partial<Draft>): void => setDraft({ ...draft, ...part });
  const line = (name: 'title' | 'subject' | 'status' | 'text') => ({
    value: draft[name],
    onChange: (event: ChangeEvent<HTMLInputElement>) => change({ [name]: event.target.value }),
  });
  const submit = (): void => {
    const spec = specOf(draft);
    if (typeof spec === 'string') return setFault(spec);
    setFault('');
    const title = draft.title.trim() || draft.subject.slice(0, 200);
    command.mutate({ do: 'hold-out-check', requirementId: view.id, check: { title, spec } }, { onSuccess: onClose });
  };
  const subject = subjects[draft.kind];
  return (
    <Dialog
      open
      onClose={onClose}
      wide
      title={`Hold a check out for ${view.id}`}
      description="No agent is shown it: not in the workspace, not in a prompt, not in an answer. It counts from now on. If it fails, the agent learns only that a held-out check of this requirement failed."
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" busy={command.isPending} onClick={submit}>
            Hold out
          </Button>
        </>
      }
    >
      <div className="grid gap-3">
        <p className="text-ink-2 break-words">{view.text}</p>
        <Segmented
          label="Kind of check"
          value={draft.kind}
          onChange={(kind) => change({ kind })}
          options={[
            { value: 'http', label: 'HTTP' },
            { value: 'file', label: 'File' },
            { value: 'json', label: 'JSON', title: 'Any check, word for word' },
          ]}
          className="justify-self-start"
        />
        <Field id="held-title" label="Title" hint="For people; no agent reads it." maxLength={300} {...line('title')} />
        {draft.kind === 'json' ? (
          <label className="grid gap-1 font-medium" htmlFor="held-subject">
            {subject.label}
            <textarea
              id="held-subject"
              value={draft.subject}
              placeholder={subject.placeholder}
              spellCheck={false}
              onChange={(event) => change({ subject: event.target.value })}
              className="mono field-sizing-content max-h-72 min-h-24 w-full resize-none rounded-md border border-line-strong bg-bg px-2.5 py-2"
            />
          </label>
        ) : (
          <Field id="held-subject" label={subject.label} placeholder={subject.placeholder} {...line('subject')} />
        )}
        {draft.kind === 'http' && (
          <Field id="held-status" label="Answers with status" inputMode="numeric" {...line('status')} />
        )}
        {draft.kind !== 'json' && (
          <Field id="held-text" label="And contains" hint="May be empty for HTTP." {...line('text')} />
        )}
        {fault && (
          <p role="alert" className="text-bad">
            {fault}
          </p>
        )}
        {command.error && <Failure what="It was not held out" error={command.error} />}
      </div>
    </Dialog>
  );
}

/** The check, or what is still wrong with it in words. */
function specOf({ kind, title, subject, status, text }: Draft): Spec | string {
  if (kind === 'file') {
    if (subject.trim() === '' || text === '') return 'Name a file and a text that it has to contain.';
    return { kind, path: subject.trim(), includes: [text] };
  }
  if (kind === 'json') {
    try {
      return JSON.parse(subject) as Spec;
    } catch (error) {
      return `This is not valid JSON: ${error instanceof Error ? error.message : 'unreadable'}`;
    }
  }
  const [, method, path] = request.exec(subject.trim()) ?? [];
  if (!method || !path) return 'Write the request as "GET /path".';
  if (!/^\d{3}$/.test(status.trim())) return 'A status is a number of three digits.';
  return {
    kind,
    exchanges: [
      {
        do: 'request',
        name: title.trim() || `${method} ${path}`.slice(0, 200),
        method: method as 'GET',
        path,
        expect: { status: Number(status), ...(text === '' ? {} : { bodyIncludes: [text] }) },
      },
    ],
  };
}
