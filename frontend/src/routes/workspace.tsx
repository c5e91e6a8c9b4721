import { Tabs } from '@base-ui/react/tabs';
import type { RunState } from '@devfactory/contracts';
import { Maximize2, Minimize2 } from 'lucide-react';
import { lazy, Suspense } from 'react';
import type { useRun } from '../api/use-run.ts';
import { Skeleton } from '../components/ui/blank.tsx';
import { IconButton } from '../components/ui/icon-button.tsx';
import { ChangesView } from '../features/changes/changes-view.tsx';
import { EvidenceView } from '../features/evidence/evidence-view.tsx';
import { FilesView } from '../features/files/files-view.tsx';
import { IdeView } from '../features/ide/ide-view.tsx';
import { LogView } from '../features/log/log-view.tsx';
import { TerminalView } from '../features/terminal/terminal-view.tsx';
import { useRunPlace, views, type View } from '../place/run-place.ts';

const EditorPane = lazy(() =>
  import('../features/editor/editor-pane.tsx').then((part) => ({ default: part.EditorPane })),
);

const labels: Record<View, string> = {
  changes: 'Changes',
  files: 'Files',
  log: 'Log',
  evidence: 'Evidence',
  terminal: 'Terminal',
  ide: 'VS Code',
  preview: 'Preview',
};

const PreviewView = lazy(() =>
  import('../features/preview/preview-view.tsx').then((part) => ({ default: part.PreviewView })),
);

function FileEditor({ state, path }: { readonly state: RunState; readonly path: string }) {
  return (
    <Suspense fallback={<Skeleton lines={8} label="Opening the editor" />}>
      <EditorPane state={state} path={path} />
    </Suspense>
  );
}

/** What the run made, and what is known about it. */
export function Workspace({ run, state }: { readonly run: ReturnType<typeof useRun>; readonly state: RunState }) {
  const { place, go } = useRunPlace();
  const view = place.view ?? 'changes';
  return (
    <Tabs.Root
      value={view}
      onValueChange={(value: View) => go({ view: value })}
      className="flex min-h-0 flex-1 flex-col"
    >
      <div className="flex shrink-0 items-start border-b border-line bg-bg px-2.5 pt-1.5">
        <Tabs.List aria-label="Workspace" activateOnFocus className="flex flex-wrap gap-0.5">
          {views.map((name) => (
            <Tabs.Tab
              key={name}
              value={name}
              className="tap rounded-t-md px-2.5 pb-1.5 text-ink-2 -outline-offset-2 hover:text-ink data-active:font-semibold data-active:text-ink data-active:shadow-[inset_0_-2px_var(--accent)]"
            >
              {labels[name]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <IconButton
          label={place.wide ? 'Show all columns (w)' : 'Use the whole width (w)'}
          icon={place.wide ? <Minimize2 /> : <Maximize2 />}
          onClick={() => go({ wide: place.wide ? undefined : true })}
          className="ml-auto max-wide:hidden"
        />
      </div>
      <Tabs.Panel value={view} tabIndex={-1} className="flex min-h-0 flex-1 flex-col outline-none">
        {view === 'changes' && <ChangesView state={state} />}
        {view === 'files' && <FilesView state={state} Editor={FileEditor} />}
        {view === 'log' && <LogView runId={state.id} events={run.events} whole={run.whole} />}
        {view === 'ide' && <IdeView runId={state.id} />}
        {view === 'terminal' && <TerminalView key={state.id} runId={state.id} />}
        {view === 'evidence' && <EvidenceView state={state} />}
        {view === 'preview' && (
          <Suspense fallback={<Skeleton lines={4} label="Looking at the workspace" />}>
            <PreviewView state={state} />
          </Suspense>
        )}
      </Tabs.Panel>
    </Tabs.Root>
  );
}
