import type { AgentCard } from '@devfactory/contracts';
import { limits } from '@devfactory/contracts';
import { Field } from '../../components/ui/field.tsx';
import { Segmented } from '../../components/ui/segmented.tsx';
import { scripted, type Draft, type Obstacle, type ScriptFile } from './draft.ts';
import { ChecksModelField, ModelField } from './model-field.tsx';
import { chooser, RunSource } from './run-source.tsx';

interface Props {
  readonly draft: Draft;
  readonly change: (part: Partial<Draft>) => void;
  readonly upload: File | null;
  readonly onUpload: (file: File | null) => void;
  readonly script: ScriptFile | null;
  readonly onScript: (script: ScriptFile | null) => void;
  readonly agent: AgentCard | undefined;
  readonly fault: (field: Obstacle['field']) => string | undefined;
}

/** How much one wants to be asked, where the files come from, and where the result goes. */
export function RunOptions({ draft, change, upload, onUpload, script, onScript, agent, fault }: Props) {
  return (
    <div className="grid gap-x-8 gap-y-5 wide:grid-cols-2">
      <div className="grid content-start gap-1">
        <span className="font-medium">When to ask me</span>
        <Segmented
          label="When to ask me"
          className="justify-self-start"
          value={draft.autonomy}
          onChange={(autonomy) => change({ autonomy })}
          options={[
            { value: 'approve-plan', label: 'Approve plan first' },
            { value: 'auto', label: 'Automatic' },
          ]}
        />
        <p className="text-small text-ink-3">
          {draft.autonomy === 'auto'
            ? 'Plan and proven results are approved on the spot; what is not proven waits for you.'
            : 'The run waits for you with the plan, and again with the result.'}
        </p>
      </div>
      <RunSource draft={draft} change={change} upload={upload} onUpload={onUpload} fault={fault} />
      {agent?.id === scripted && <ScriptField script={script} onScript={onScript} fault={fault('script')} />}
      {agent?.needsModel && <ModelField draft={draft} change={change} fault={fault('model')} />}
      <ChecksModelField draft={draft} change={change} />
      {(agent?.needsModel || draft.checksModel !== '') && (
        <Field
          id="budget"
          label="Budget in USD"
          inputMode="decimal"
          placeholder="no limit"
          value={draft.budget}
          onChange={(event) => change({ budget: event.target.value.replace(',', '.') })}
          fault={fault('budget')}
          hint="The run pauses when it is used up."
        />
      )}
      <Field
        id="zip-name"
        label="Deliver as"
        placeholder="named after the run, .zip"
        value={draft.zipName}
        onChange={(event) => change({ zipName: event.target.value })}
        fault={fault('zip-name')}
        hint="A ZIP of the source tree; the proof lies beside it."
      />
    </div>
  );
}

function ScriptField({
  script,
  onScript,
  fault,
}: {
  readonly script: ScriptFile | null;
  readonly onScript: (script: ScriptFile | null) => void;
  readonly fault: string | undefined;
}) {
  const read = async (file: File | undefined): Promise<void> => onScript(file ? await readScript(file) : null);
  return (
    <div className="grid content-start gap-1">
      <label htmlFor="script" className="font-medium">
        Script
      </label>
      <input
        id="script"
        type="file"
        accept=".json,application/json"
        aria-invalid={fault ? true : undefined}
        aria-describedby="script-note"
        onChange={(event) => void read(event.target.files?.[0])}
        className={chooser}
      />
      <p id="script-note" className={`text-small ${fault ? 'text-bad' : 'text-ink-3'}`}>
        {fault ??
          (script
            ? 'Read; the factory checks it when you start.'
            : 'A JSON file with the plan and the steps to replay.')}
      </p>
    </div>
  );
}

async function readScript(file: File): Promise<ScriptFile> {
  if (file.size > limits.scriptBytes) return { name: file.name, content: null };
  try {
    return { name: file.name, content: JSON.parse(await file.text()) as NonNullable<ScriptFile['content']> };
  } catch {
    return { name: file.name, content: null };
  }
}
