import { Intake } from '@devfactory/contracts';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useSwitchIntakeOn } from '../../api/intakes.ts';
import { agentsQuery } from '../../api/queries.ts';
import { Button } from '../../components/ui/button.tsx';
import { Field } from '../../components/ui/field.tsx';
import { Failure } from '../../components/ui/notice.tsx';
import { Segmented } from '../../components/ui/segmented.tsx';

/** Switches it on for a repository, and says how the runs are that its issues begin. */
export function IntakeForm({ onDone }: { readonly onDone: () => void }) {
  const save = useSwitchIntakeOn();
  const agents = useQuery(agentsQuery);
  const [repository, setRepository] = useState('');
  const [label, setLabel] = useState('devfactory');
  const [agent, setAgent] = useState('');
  const [budget, setBudget] = useState('');
  const [autonomy, setAutonomy] = useState<Intake['autonomy']>('approve-plan');
  const [asked, setAsked] = useState(false);
  const name = repository
    .trim()
    .replace(/^https?:\/\/[^/]+\//, '')
    .replace(/\.git$/, '');
  const amount = budget.trim().replace(',', '.');
  const parsed = Intake.safeParse({
    repository: name,
    label,
    autonomy,
    ...(agent === '' ? {} : { agent }),
    ...(amount === '' ? {} : { budgetUsd: Number(amount) }),
  });
  const fault = (of: string): string | undefined =>
    asked ? parsed.error?.issues.find(({ path }) => path[0] === of)?.message : undefined;
  return (
    <form
      className="grid gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        setAsked(true);
        if (parsed.success) save.mutate(parsed.data, { onSuccess: onDone });
      }}
    >
      <div className="flex flex-wrap gap-3">
        <Field
          id="intake-repository"
          label="Repository"
          className="min-w-56 flex-1"
          value={repository}
          placeholder="OWNER/REPO"
          onChange={(event) => setRepository(event.target.value)}
          fault={fault('repository')}
          hint="Only those who may write to it can ask for runs."
        />
        <Field
          id="intake-label"
          label="Label"
          className="min-w-40 flex-1"
          value={label}
          onChange={(event) => setLabel(event.target.value)}
          fault={fault('label')}
          hint="What got it before is not taken."
        />
        <Field
          id="intake-budget"
          label="Budget of each run, USD"
          inputMode="decimal"
          placeholder="no limit"
          className="min-w-40 flex-1"
          value={budget}
          onChange={(event) => setBudget(event.target.value)}
          fault={fault('budgetUsd') === undefined ? undefined : 'An amount above 0, or empty for none.'}
        />
      </div>
      <div className="grid gap-1">
        <label htmlFor="intake-agent" className="font-medium">
          Agent
        </label>
        <select
          id="intake-agent"
          value={agent}
          onChange={(event) => setAgent(event.target.value)}
          className="tap w-fit max-w-full rounded-md border border-line-strong bg-panel px-2.5 py-1"
        >
          <option value="">As in any run</option>
          {(agents.data ?? []).map(({ id, title }) => (
            <option key={id} value={id}>
              {title}
            </option>
          ))}
        </select>
      </div>
      <div className="grid justify-items-start gap-1">
        <span className="font-medium">Who approves</span>
        <Segmented
          label="Who approves"
          value={autonomy}
          onChange={setAutonomy}
          options={[
            { value: 'approve-plan', label: 'A person' },
            { value: 'auto', label: 'The factory' },
          ]}
        />
        <span className="text-small text-ink-2">
          {autonomy === 'auto'
            ? 'Each plan on the spot, and a result of which everything is proven.'
            : 'Plan and result of each run.'}
        </span>
      </div>
      <div className="flex gap-2">
        <Button type="submit" look="primary" busy={save.isPending}>
          Switch on
        </Button>
        <Button onClick={onDone}>Leave it</Button>
      </div>
      {save.error && <Failure what="It was not switched on" error={save.error} />}
    </form>
  );
}
