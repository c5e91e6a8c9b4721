import { wireEnvironments, WireFormat, type OwnAgent } from '@devfactory/contracts';
import { useState, type ReactElement } from 'react';
import { useAgentOrder } from '../../api/agents.ts';
import { Button } from '../../components/ui/button.tsx';
import { Field } from '../../components/ui/field.tsx';
import { Failure } from '../../components/ui/notice.tsx';
import { wireNames } from './wire-names.ts';

/** An agent of one's own: a command that speaks the Agent Client Protocol, and how it is led to the run's model. */
export function AgentForm({
  before,
  onDone,
}: {
  readonly before: OwnAgent | null;
  readonly onDone: () => void;
}): ReactElement {
  const save = useAgentOrder();
  const [id, setId] = useState(before?.id ?? '');
  const [title, setTitle] = useState(before?.title ?? '');
  const [from, setFrom] = useState(before?.package ? `${before.package.name}@${before.package.version}` : '');
  const [command, setCommand] = useState(before?.command.join('\n') ?? '');
  const [wire, setWire] = useState<WireFormat>(before?.wire ?? 'chat-completions');
  const [env, setEnv] = useState(linesOf(before?.env ?? wireEnvironments[before?.wire ?? 'chat-completions']));
  const [mode, setMode] = useState(before?.mode ?? '');
  const [asked, setAsked] = useState(false);
  const choose = (next: WireFormat): void => {
    // What a person wrote stays.
    if (env === linesOf(wireEnvironments[wire])) setEnv(linesOf(wireEnvironments[next]));
    setWire(next);
  };
  const faults = {
    id: /^[a-z][a-z0-9-]{0,39}$/.test(id) ? undefined : 'Small letters, digits and hyphens, beginning with a letter.',
    title: title.trim() === '' ? 'Say what it is called.' : undefined,
    from: from === '' || /.@\d/.test(from) ? undefined : 'NAME@VERSION with one exact version.',
    command: command.trim() === '' ? 'Say what is started.' : undefined,
    env: linesIn(env).every((line) => line.indexOf('=') > 0) ? undefined : 'NAME=VALUE, one on each line.',
  };
  const send = (): void => {
    setAsked(true);
    if (Object.values(faults).some((fault) => fault !== undefined)) return;
    const at = from.lastIndexOf('@');
    save.mutate(
      {
        do: 'save',
        own: {
          id,
          title,
          note: before?.note ?? '',
          package: from === '' ? null : { name: from.slice(0, at), version: from.slice(at + 1) },
          command: linesIn(command),
          wire,
          env: Object.fromEntries(linesIn(env).map(pairOf)),
          files: before?.files ?? [],
          mode: mode === '' ? null : mode,
        },
      },
      { onSuccess: onDone },
    );
  };
  return (
    <form
      aria-label={before ? `Change ${before.title}` : 'Add an agent'}
      className="grid gap-2 rounded-lg border border-line bg-panel px-4 py-3"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <div className="flex flex-wrap gap-3">
        <Field
          id="agent-id"
          label="Id"
          className="min-w-44 flex-1"
          value={id}
          disabled={before !== null}
          onChange={(event) => setId(event.target.value)}
          fault={asked ? faults.id : undefined}
          hint="How runs name it, e.g. my-agent"
        />
        <Field
          id="agent-title"
          label="Name"
          className="min-w-44 flex-1"
          value={title}
          onChange={(event) => setTitle(event.target.value)}
          fault={asked ? faults.title : undefined}
          hint="How people know it."
        />
        <Field
          id="agent-package"
          label="npm package"
          className="min-w-56 flex-1"
          value={from}
          onChange={(event) => setFrom(event.target.value.trim())}
          fault={asked ? faults.from : undefined}
          hint="e.g. some-agent@1.4.0; empty for a program that is in the sandbox."
        />
      </div>
      <Lines
        id="agent-command"
        label="Command"
        rows={3}
        value={command}
        onChange={setCommand}
        fault={asked ? faults.command : undefined}
        hint="What makes it speak ACP on standard input and output: the command on the first line, each argument on a line of its own."
      />
      <div className="grid gap-1">
        <label htmlFor="agent-wire" className="font-medium">
          Speaks with the model
        </label>
        <select
          id="agent-wire"
          value={wire}
          onChange={(event) => choose(WireFormat.parse(event.target.value))}
          className="tap w-full max-w-80 rounded-md border border-line-strong bg-panel px-2.5 py-1"
        >
          {WireFormat.options.map((format) => (
            <option key={format} value={format}>
              {wireNames[format]}
            </option>
          ))}
        </select>
      </div>
      <Lines
        id="agent-env"
        label="Environment"
        rows={4}
        value={env}
        onChange={setEnv}
        fault={asked ? faults.env : undefined}
        hint="NAME=VALUE, one on each line. The factory fills in {url}, {token}, {model}, {context} and {output}; {token} stands in the place of a key, and no key is ever needed here."
      />
      <Field
        id="agent-mode"
        label="Mode"
        className="max-w-80"
        value={mode}
        onChange={(event) => setMode(event.target.value.trim())}
        hint="The session mode in which it asks before it acts; empty for the one it begins in. “Try it” lists them."
      />
      <div className="flex gap-2">
        <Button type="submit" look="primary" busy={save.isPending}>
          Save
        </Button>
        <Button onClick={onDone}>Leave it</Button>
      </div>
      {save.error && <Failure what="It was not saved" error={save.error} />}
    </form>
  );
}

function Lines({
  id,
  label,
  hint,
  fault,
  rows,
  value,
  onChange,
}: {
  readonly id: string;
  readonly label: string;
  readonly hint: string;
  readonly fault: string | undefined;
  readonly rows: number;
  readonly value: string;
  readonly onChange: (text: string) => void;
}): ReactElement {
  return (
    <div className="grid gap-1">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      <textarea
        id={id}
        rows={rows}
        value={value}
        spellCheck={false}
        onChange={(event) => onChange(event.target.value)}
        aria-invalid={fault ? true : undefined}
        aria-describedby={`${id}-note`}
        className="w-full rounded-md border border-line-strong bg-panel px-2.5 py-1.5 font-mono text-small aria-invalid:border-bad"
      />
      <p id={`${id}-note`} className={`text-small ${fault ? 'text-bad' : 'text-ink-3'}`}>
        {fault ?? hint}
      </p>
    </div>
  );
}

function linesOf(env: Readonly<Record<string, string>>): string {
  return Object.entries(env)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n');
}

function linesIn(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function pairOf(line: string): [string, string] {
  const at = line.indexOf('=');
  return [line.slice(0, at), line.slice(at + 1)];
}
