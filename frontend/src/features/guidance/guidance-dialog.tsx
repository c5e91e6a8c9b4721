import { isTrusted, type GuidanceItem, type RunState } from '@devfactory/contracts';
import { useQuery } from '@tanstack/react-query';
import { guidanceTextQuery } from '../../api/guidance.ts';
import { useCommand } from '../../api/queries.ts';
import { Skeleton } from '../../components/ui/blank.tsx';
import { Button } from '../../components/ui/button.tsx';
import { Dialog } from '../../components/ui/dialog.tsx';
import { Failure } from '../../components/ui/notice.tsx';
import { Pill } from '../../components/ui/pill.tsx';
import { Output } from '../../components/ui/scroll.tsx';
import { bytes, counted } from '../../words/format.ts';
import { unmasked } from './unmasked.ts';

/** All that could steer the agent, word for word, and what a person says to it. */
export function GuidanceDialog({ state, onClose }: { readonly state: RunState; readonly onClose: () => void }) {
  const { declared, found, leftOut } = state.guidance;
  return (
    <Dialog
      open
      onClose={onClose}
      wide
      title="What the agent follows"
      description="What lies in the files is material until you trust it, byte for byte. A changed file has to be trusted again. Trust is remembered for this project."
      actions={<Button onClick={onClose}>Close</Button>}
    >
      <ul className="grid gap-4">
        {declared.map((item) => (
          <Piece key={`declared ${item.kind} ${item.path}`} state={state} item={item} own />
        ))}
        {found.map((item) => (
          <Piece key={item.path} state={state} item={item} />
        ))}
      </ul>
      {leftOut > 0 && <p className="mt-3 text-small text-ink-2">{leftOut} more lie deeper and are not followed.</p>}
    </Dialog>
  );
}

interface PieceProps {
  readonly state: RunState;
  readonly item: GuidanceItem;
  readonly own?: boolean;
}

function Piece({ state, item, own = false }: PieceProps) {
  const command = useCommand(state.id);
  const trusted = isTrusted(state.guidance, item);
  const over = state.stage.name === 'cancelled' || state.archived !== null;
  const say = (word: 'trust-guidance' | 'distrust-guidance') => (): void =>
    command.mutate({ do: word, path: item.path, hash: item.hash });
  return (
    <li className="grid gap-2">
      <div className="flex flex-wrap items-center gap-2">
        <h3 className="min-w-0 font-medium wrap-anywhere">{item.path}</h3>
        <Pill tone={own || trusted ? 'ok' : 'warn'}>{own ? 'declared' : trusted ? 'trusted' : 'not trusted'}</Pill>
        <span className="ml-auto text-small text-ink-2">
          {bytes(item.bytes)}, <code title={item.hash}>{item.hash.slice(0, 12)}</code>
        </span>
      </div>
      {item.about !== '' && <p className="text-ink-2">{item.about}</p>}
      {item.trouble === '' ? <Words runId={state.id} item={item} /> : <p>{item.trouble}</p>}
      {item.manifest !== undefined && !own && <Beside runId={state.id} item={item} manifest={item.manifest} />}
      {!own && item.trouble === '' && !over && (
        <div>
          {trusted ? (
            <Button
              busy={command.isPending}
              onClick={say('distrust-guidance')}
              className="max-w-full wrap-anywhere whitespace-normal"
            >
              Trust {item.path} no longer
            </Button>
          ) : (
            <Button
              look="primary"
              busy={command.isPending}
              onClick={say('trust-guidance')}
              className="max-w-full wrap-anywhere whitespace-normal"
            >
              Trust {item.path}
            </Button>
          )}
        </div>
      )}
      {command.error && <Failure what="That was not taken" error={command.error} />}
    </li>
  );
}

/** A skill is trusted with its whole folder: what else lies there. */
function Beside({
  runId,
  item,
  manifest,
}: {
  readonly runId: string;
  readonly item: GuidanceItem;
  readonly manifest: string;
}) {
  const listing = useQuery(guidanceTextQuery(runId, manifest));
  const paths = listing.data === undefined ? [] : pathsIn(listing.data).filter((path) => path !== 'SKILL.md');
  return paths.length === 0 ? null : (
    <p className="wrap-anywhere text-ink-2">
      Trust takes in {counted(paths.length, 'other file')} of {item.path.slice(0, -'SKILL.md'.length)}:{' '}
      {paths.join(', ')}. Read {paths.length === 1 ? 'it' : 'them'} under Files.
    </p>
  );
}

function pathsIn(listing: string): string[] {
  const parsed: unknown = JSON.parse(listing);
  return Array.isArray(parsed) ? parsed.map((file: unknown) => String((file as { path?: unknown }).path)) : [];
}

function Words({ runId, item }: { readonly runId: string; readonly item: GuidanceItem }) {
  const text = useQuery(guidanceTextQuery(runId, item.body ?? item.hash));
  if (text.isError)
    return <Failure what="It could not be read" error={text.error} onRetry={() => void text.refetch()} />;
  if (text.isPending) return <Skeleton lines={3} label={`Reading ${item.path}`} />;
  const { shown, hidden } = unmasked(text.data);
  return (
    <>
      {hidden > 0 && (
        <p className="font-medium text-warn">
          It holds {counted(hidden, 'character')} that cannot be seen; here they are named between ⟨ and ⟩.
        </p>
      )}
      <Output label={item.path} className="max-h-72">
        {shown}
      </Output>
    </>
  );
}
