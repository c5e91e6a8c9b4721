import type { ChangedPath, RunState } from '@devfactory/contracts';
import { useQuery } from '@tanstack/react-query';
import { changesQuery } from '../../api/queries.ts';
import { CheckpointSelect } from '../../components/checkpoint-select.tsx';
import { Blank, Skeleton } from '../../components/ui/blank.tsx';
import { Failure } from '../../components/ui/notice.tsx';
import { useRunPlace } from '../../place/run-place.ts';
import { counted } from '../../words/format.ts';
import { Counts, PathText } from './changed-path.tsx';
import { Patch } from './patch.tsx';
import { changeSpan, type ChangeSpan } from './span.ts';

/** What is different between two checkpoints, file by file. */
export function ChangesView({ state }: { readonly state: RunState }) {
  const { place, go } = useRunPlace();
  const span = changeSpan(state, place);
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex items-center gap-2 border-b border-line px-3.5 py-1.5 text-small text-ink-2">
        <label htmlFor="changes-base">Since</label>
        <CheckpointSelect
          id="changes-base"
          state={state}
          value={place.base ?? 'start'}
          also={{ start: 'the start', step: 'the checkpoint before' }}
          onChoose={(base) => go({ base: base === 'start' ? undefined : base, file: undefined })}
          className="flex-1 wide:max-w-52"
        />
        <label htmlFor="changes-to" className="shrink-0">
          up to
        </label>
        <CheckpointSelect
          id="changes-to"
          state={state}
          value={place.ck ?? ''}
          onChoose={(ck) => go({ ck: ck || undefined, file: undefined })}
          className="flex-1 wide:max-w-52"
        />
      </div>
      {span ? <Changed runId={state.id} span={span} /> : <Same state={state} />}
    </div>
  );
}

function Same({ state }: { readonly state: RunState }) {
  if (state.checkpoints.length > 1)
    return <Blank title="Both sides are the same checkpoint">Choose another one to compare with.</Blank>;
  return (
    <Blank title="No changes yet">Each step that changes files makes a checkpoint; the difference shows here.</Blank>
  );
}

function Changed({ runId, span }: { readonly runId: string; readonly span: ChangeSpan }) {
  const { place, go } = useRunPlace();
  const list = useQuery({ ...changesQuery(runId, span), placeholderData: (old) => old });
  if (list.isError)
    return (
      <Failure
        what="The changes could not be read"
        error={list.error}
        onRetry={() => void list.refetch()}
        className="m-3.5"
      />
    );
  if (list.isPending) return <Skeleton lines={5} label="Reading the changes" />;
  const { changes } = list.data;
  if (changes.length === 0) return <Blank title={`Nothing differs between ${span.from} and ${span.to}`} />;
  const chosen =
    changes.find((item) => item.path === place.file) ?? changes.find((item) => worthReading(item)) ?? changes[0];
  const sum = (pick: (item: ChangedPath) => number): number => changes.reduce((total, item) => total + pick(item), 0);
  return (
    <>
      <details open className="group max-h-[38%] shrink-0 overflow-auto border-b border-line">
        <summary className="sticky top-0 z-10 flex min-h-8 items-center gap-2 bg-panel px-3.5 text-small text-ink-2 -outline-offset-2">
          {counted(changes.length, 'file')} changed{' '}
          <Counts additions={sum((item) => item.additions)} deletions={sum((item) => item.deletions)} />
        </summary>
        <ul className="px-1.5 pb-1.5">
          {changes.map((item) => (
            <li key={item.path}>
              <button
                type="button"
                aria-current={item === chosen ? 'true' : undefined}
                onClick={() => go({ file: item.path })}
                className="flex min-h-[28px] w-full items-center gap-2 rounded-md px-2 text-left hover:bg-sunk aria-[current]:bg-sunk"
              >
                <ChangeLetter change={item.change} />
                <PathText path={item.path} className="flex-1" />
                {item.binary ? (
                  <span className="text-small text-ink-3">binary</span>
                ) : (
                  <Counts additions={item.additions} deletions={item.deletions} />
                )}
              </button>
            </li>
          ))}
        </ul>
      </details>
      {chosen && <Patch key={`${span.from}-${span.to}-${chosen.path}`} runId={runId} span={span} changed={chosen} />}
    </>
  );
}

/** Opened first: something a person wrote or reads, not a lock file, a dot file or a picture. */
function worthReading({ path, binary, change }: ChangedPath): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return (
    !binary &&
    change !== 'removed' &&
    !name.startsWith('.') &&
    !/^licen[cs]e/i.test(name) &&
    !/(?:^|[.-])lock(?:\.|$)/i.test(name)
  );
}

const letters = { added: 'A', modified: 'M', removed: 'D' } as const;

function ChangeLetter({ change }: { readonly change: ChangedPath['change'] }) {
  return (
    <abbr title={change} className="mono-tiny w-3 shrink-0 text-center text-ink-3 no-underline">
      {letters[change]}
    </abbr>
  );
}
