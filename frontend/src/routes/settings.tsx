import type { ReactElement } from 'react';
import { useTitle } from '../components/shell/title.ts';
import { AgentGallery } from '../features/settings/agent-gallery.tsx';
import { BudgetForm } from '../features/settings/budget-form.tsx';
import { GuidanceSettings } from '../features/settings/guidance-settings.tsx';
import { IntakeSettings } from '../features/settings/intake-settings.tsx';
import { ModelTable } from '../features/settings/model-table.tsx';
import { ProviderList } from '../features/settings/provider-list.tsx';
import { StorageSettings } from '../features/settings/storage-settings.tsx';

export function SettingsRoute(): ReactElement {
  useTitle('Settings');
  return (
    <div className="h-full overflow-auto">
      <div className="mx-auto grid max-w-[980px] gap-6 px-5 pt-7 pb-16">
        <h1 className="text-display font-semibold tracking-[-0.02em]">Settings</h1>
        <section aria-labelledby="providers-title" className="grid gap-2.5">
          <h2 id="providers-title" className="text-lead font-semibold">
            Model providers
          </h2>
          <p className="text-ink-2">
            Keys are kept sealed, are never shown again, and belong to the address they were given for.
          </p>
          <ProviderList />
        </section>
        <section aria-labelledby="models-title" className="grid gap-2.5">
          <h2 id="models-title" className="text-lead font-semibold">
            Models
          </h2>
          <ModelTable />
        </section>
        <section aria-labelledby="agents-title" className="grid gap-2.5">
          <h2 id="agents-title" className="text-lead font-semibold">
            Agents
          </h2>
          <p className="text-ink-2">
            Agents work with the models above, by their keys. Programs of others are fetched from npm in a sandbox, at
            their first run or here. Subscription logins of vendors (ChatGPT, Claude, Google and others) are not
            supported.
          </p>
          <AgentGallery />
        </section>
        <section aria-labelledby="budgets-title" className="grid gap-2.5">
          <h2 id="budgets-title" className="text-lead font-semibold">
            Budgets
          </h2>
          <p className="text-ink-2">
            What models may cost from midnight to midnight (UTC). A run that meets a budget stops with all work kept. A
            run’s own budget is set when it is started.
          </p>
          <BudgetForm />
        </section>
        <section aria-labelledby="guidance-title" className="grid gap-2.5">
          <h2 id="guidance-title" className="text-lead font-semibold">
            Guidance
          </h2>
          <p className="text-ink-2">
            What agents follow beside their task; skills are for the built-in one. A run takes in what changes here when
            its next turn begins.
          </p>
          <GuidanceSettings />
        </section>
        <section aria-labelledby="intakes-title" className="grid gap-2.5">
          <h2 id="intakes-title" className="text-lead font-semibold">
            Issues that begin runs
          </h2>
          <p className="text-ink-2">
            Off, until you switch it on for a repository: then an issue that gets the label, or a comment that begins
            with /devfactory, begins a run, if whoever asks may write there.
          </p>
          <IntakeSettings />
        </section>
        <section aria-labelledby="storage-title" className="grid gap-2.5">
          <h2 id="storage-title" className="text-lead font-semibold">
            Storage
          </h2>
          <StorageSettings />
        </section>
      </div>
    </div>
  );
}
