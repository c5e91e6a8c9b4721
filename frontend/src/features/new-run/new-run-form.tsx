import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useCallback, useEffect, useRef, useState } from 'react';
import { modelsQuery } from '../../api/models.ts';
import { agentsQuery, useCreateRun } from '../../api/queries.ts';
import { useSendKey } from '../../components/shell/keys.ts';
import { Skeleton } from '../../components/ui/blank.tsx';
import { Button } from '../../components/ui/button.tsx';
import { Failure, Notice } from '../../components/ui/notice.tsx';
import { AgentChoice } from './agent-choice.tsx';
import {
  agentOf,
  emptyDraft,
  isUntouched,
  loadDraft,
  newRow,
  obstacles,
  saveDraft,
  toRequest,
  type Draft,
  type DraftRow,
  type Obstacle,
  type ScriptFile,
} from './draft.ts';
import { examples, type Example } from './examples.ts';
import { RequirementEditor } from './requirement-editor.tsx';

// Below what one looks at first.
const RunOptions = lazy(() => import('./run-options.tsx').then((part) => ({ default: part.RunOptions })));

/** Everything a run starts from. What is typed survives a reload; Start always answers. */
export function NewRunForm() {
  const [draft, setDraft] = useState(loadDraft);
  const [upload, setUpload] = useState<File | null>(null);
  const [script, setScript] = useState<ScriptFile | null>(null);
  const [asked, setAsked] = useState(false);
  const agents = useQuery(agentsQuery);
  const create = useCreateRun();
  const navigate = useNavigate();
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => saveDraft(draft), [draft]);

  const change = useCallback((part: Partial<Draft>) => setDraft((now) => ({ ...now, ...part })), []);
  const changeRows = useCallback(
    (edit: (rows: readonly DraftRow[]) => readonly DraftRow[]) => setDraft((now) => ({ ...now, rows: edit(now.rows) })),
    [],
  );
  const models = useQuery(modelsQuery);
  const material = { agents: agents.data ?? [], upload, script, defaultModel: models.data?.defaultModel ?? null };
  const inTheWay = obstacles(draft, material);
  // Until it is known whether there is a model, none is chosen: a choice that jumps is worse than one that comes late.
  const agent = draft.agent !== '' || !models.isPending ? agentOf(draft, material) : '';
  const start = (): void => {
    if (create.isPending) return;
    setAsked(true);
    const first = inTheWay[0];
    if (first) return document.getElementById(first.field)?.focus();
    create.mutate(
      { request: toRequest(draft, material), upload: draft.source === 'upload' ? upload : null },
      {
        onSuccess: ({ id }) => {
          saveDraft(emptyDraft);
          void navigate({ to: '/runs/$runId', params: { runId: id } });
        },
      },
    );
  };
  useSendKey(form, start);
  return (
    <form
      ref={form}
      onSubmit={(event) => {
        event.preventDefault();
        start();
      }}
      noValidate
      className="grid gap-6"
    >
      <PromptField
        value={draft.prompt}
        onChange={(prompt) => change({ prompt })}
        fault={faultOf('prompt', asked ? inTheWay : [])}
      />
      {isUntouched(draft) && (
        <Examples onPick={(example) => setDraft((now) => ({ ...now, ...fromExample(example) }))} />
      )}
      <RequirementEditor rows={draft.rows} onChange={changeRows} prompt={draft.prompt} />
      <section aria-labelledby="agent-title" className="grid gap-1.5">
        <h2 id="agent-title" className="text-lead font-semibold">
          Agent
        </h2>
        <AgentChoice
          agents={agents.data}
          error={agents.error}
          onRetry={() => void agents.refetch()}
          value={agent}
          onChange={(agent) => change({ agent })}
        />
      </section>
      <Suspense fallback={<Skeleton lines={4} label="Reading the options" />}>
        <RunOptions
          draft={draft}
          change={change}
          upload={upload}
          onUpload={setUpload}
          script={script}
          onScript={setScript}
          agent={agents.data?.find((card) => card.id === agent)}
          fault={(field) => faultOf(field, asked ? inTheWay : [])}
        />
      </Suspense>
      <div className="sticky bottom-0 z-10 -mx-5 flex flex-wrap items-center gap-3 border-t border-line bg-bg px-5 py-3">
        {asked && inTheWay.length > 0 && <Missing obstacles={inTheWay} />}
        {create.error && (
          <Failure
            what="The run was not started"
            error={create.error}
            onRetry={start}
            className="max-h-[40dvh] w-full overflow-auto"
          />
        )}
        <Button type="submit" look="primary" busy={create.isPending} className="px-5">
          {create.isPending ? 'Starting…' : 'Start run'}
        </Button>
        <span className="mono-tiny text-ink-3 max-wide:hidden">Ctrl/⌘ Enter</span>
        <span className="text-small text-ink-3">{startNote(draft)}</span>
        {!isUntouched(draft) && (
          <Button
            look="quiet"
            className="ml-auto"
            onClick={() => {
              setDraft({ ...emptyDraft, agent: draft.agent });
              setAsked(false);
              create.reset();
            }}
          >
            Clear
          </Button>
        )}
      </div>
    </form>
  );
}

function PromptField({
  value,
  onChange,
  fault,
}: {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly fault: string | undefined;
}) {
  const words = value.trim() === '' ? 0 : value.trim().split(/\s+/).length;
  return (
    <div>
      <label htmlFor="prompt" className="block text-display font-semibold tracking-[-0.02em]">
        What should be built?
      </label>
      <textarea
        id="prompt"
        value={value}
        onChange={(event) => onChange(event.target.value)}
        aria-invalid={fault ? true : undefined}
        aria-describedby="prompt-note"
        placeholder="A Flask API with JWT auth that manages tasks with title, done and due date"
        className="mt-3 field-sizing-content max-h-[46dvh] min-h-[112px] w-full resize-y rounded-lg border border-line-strong bg-panel px-3.5 py-3 text-lead aria-invalid:border-bad"
      />
      <p id="prompt-note" className={`flex justify-between gap-3 text-small ${fault ? 'text-bad' : 'text-ink-3'}`}>
        <span>{fault ?? 'Name the things it manages and their fields. Your words are never changed by an agent.'}</span>
        {words > 0 && (
          <span className="shrink-0">
            {words} {words === 1 ? 'word' : 'words'}
          </span>
        )}
      </p>
    </div>
  );
}

function Examples({ onPick }: { readonly onPick: (example: Example) => void }) {
  return (
    <section aria-label="Examples" className="-mt-2 flex flex-wrap items-stretch gap-2">
      {examples.map((example) => (
        <button
          key={example.title}
          type="button"
          onClick={() => onPick(example)}
          className="tap flex-1 basis-60 rounded-lg border border-line bg-panel px-3.5 py-2.5 text-left hover:border-line-strong"
        >
          <span className="block text-small text-ink-3">Example that runs here, without a key</span>
          <span className="block font-medium">{example.title}</span>
          <span className="block text-small text-ink-2">
            {example.note} · {example.requirements.length} requirements
          </span>
        </button>
      ))}
    </section>
  );
}

function Missing({ obstacles: found }: { readonly obstacles: readonly Obstacle[] }) {
  return (
    <Notice
      tone="warn"
      className="w-full"
      title={found.length === 1 ? 'One thing is missing' : `${found.length} things are missing`}
    >
      <ul>
        {found.map((item) => (
          <li key={item.field + item.message}>
            <button
              type="button"
              className="min-h-6 text-left underline underline-offset-2"
              onClick={() => document.getElementById(item.field)?.focus()}
            >
              {item.message}
            </button>
          </li>
        ))}
      </ul>
    </Notice>
  );
}

function faultOf(field: Obstacle['field'], found: readonly Obstacle[]): string | undefined {
  return found.find((item) => item.field === field)?.message;
}

function fromExample(example: Example): Partial<Draft> {
  return {
    prompt: example.prompt,
    rows: example.requirements.map((text) => newRow(text)),
    agent: 'blueprint',
    zipName: example.zipName,
  };
}

function startNote(draft: Draft): string {
  return draft.autonomy === 'auto'
    ? 'Goes through to the delivery if everything is proven.'
    : 'You see the plan and its checks before any work.';
}
