import { type GuidanceSetting } from '@devfactory/contracts';
import { useState } from 'react';
import { useSaveGuidance } from '../../api/guidance.ts';
import { Button } from '../../components/ui/button.tsx';
import { Field } from '../../components/ui/field.tsx';
import { Failure } from '../../components/ui/notice.tsx';
import { Segmented } from '../../components/ui/segmented.tsx';

const labels = {
  instructions: 'What runs follow, as in AGENTS.md',
  skill: 'SKILL.md, with name and description at its head',
  servers: 'Servers of tools (MCP), as in .mcp.json',
} as const;

const notes = {
  instructions: 'It is sent to the model with every request, 16 KB of all instructions at most: no secrets.',
  skill: 'Its description is sent with every request, the rest when the agent reads it: no secrets.',
  servers: 'They run in the sandbox of each run and reach what it reaches: no secrets.',
} as const;

const mostBytes = 65_536;

/** Instructions for every run, or for those of one project. */
export function GuidanceForm({
  before,
  onDone,
}: {
  readonly before: GuidanceSetting | null;
  readonly onDone: () => void;
}) {
  const save = useSaveGuidance();
  const [kind, setKind] = useState<GuidanceSetting['kind']>(before?.kind ?? 'instructions');
  const [name, setName] = useState(before?.name ?? '');
  const [project, setProject] = useState(before?.project ?? '');
  const [text, setText] = useState(before?.text ?? '');
  const [asked, setAsked] = useState(false);
  const badName = /^[a-z0-9][a-z0-9-]{0,39}$/.test(name) ? undefined : 'Small letters, digits and hyphens, 40 at most.';
  const badText =
    text.trim() === ''
      ? 'Say what runs should follow.'
      : new TextEncoder().encode(text).length > mostBytes
        ? 'At most 64 KB.'
        : undefined;
  return (
    <form
      className="grid gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        setAsked(true);
        if (badName || badText) return;
        const only = project.trim() === '' ? null : project.trim();
        save.mutate({ kind, name, project: only, text, files: before?.files ?? [] }, { onSuccess: onDone });
      }}
    >
      {before === null && (
        <div>
          <Segmented
            label="Kind"
            value={kind}
            onChange={setKind}
            options={[
              { value: 'instructions', label: 'Instructions' },
              { value: 'skill', label: 'Skill' },
              { value: 'servers', label: 'Servers' },
            ]}
          />
        </div>
      )}
      <div className="flex flex-wrap gap-3">
        <Field
          id="guidance-name"
          label="Name"
          className="min-w-56 flex-1"
          value={name}
          disabled={before !== null}
          onChange={(event) => setName(event.target.value)}
          fault={asked ? badName : undefined}
          hint="e.g. house-style"
        />
        <Field
          id="guidance-project"
          label="Only for this project"
          className="min-w-56 flex-1"
          value={project}
          onChange={(event) => setProject(event.target.value)}
          hint="A git address or the name of an uploaded folder; empty for every run."
        />
      </div>
      <div className="grid gap-1">
        <label htmlFor="guidance-text" className="font-medium">
          {labels[kind]}
        </label>
        <textarea
          id="guidance-text"
          rows={8}
          value={text}
          onChange={(event) => setText(event.target.value)}
          aria-invalid={asked && badText ? true : undefined}
          aria-describedby="guidance-text-note"
          className="w-full rounded-md border border-line-strong bg-panel px-2.5 py-1.5 font-mono text-small aria-invalid:border-bad"
        />
        <p id="guidance-text-note" className={`text-small ${asked && badText ? 'text-bad' : 'text-ink-3'}`}>
          {(asked && badText) || notes[kind]}
        </p>
      </div>
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
