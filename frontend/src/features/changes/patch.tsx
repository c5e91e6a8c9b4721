import type { ChangedPath } from '@devfactory/contracts';
import { useQuery } from '@tanstack/react-query';
import { WrapText } from 'lucide-react';
import { useMemo, useRef, useState } from 'react';
import { Virtualizer } from 'virtua';
import { patchQuery } from '../../api/queries.ts';
import { Blank, Skeleton } from '../../components/ui/blank.tsx';
import { Button } from '../../components/ui/button.tsx';
import { widestLine } from '../../components/ui/code-lines.tsx';
import { IconButton } from '../../components/ui/icon-button.tsx';
import { Failure } from '../../components/ui/notice.tsx';
import { Scroll } from '../../components/ui/scroll.tsx';
import { Tinted } from '../../components/ui/tinted.tsx';
import { useRunPlace } from '../../place/run-place.ts';
import { Counts, PathText } from './changed-path.tsx';
import { parsePatch, type PatchLine } from './parse-patch.ts';
import type { ChangeSpan } from './span.ts';

interface Props {
  readonly runId: string;
  readonly span: ChangeSpan;
  readonly changed: ChangedPath;
}

/** One file's difference. */
export function Patch({ runId, span, changed }: Props) {
  const { go } = useRunPlace();
  const [wrap, setWrap] = useKeptWrap();
  const patch = useQuery(patchQuery(runId, span, changed.path));
  return (
    <section aria-label={`Changes of ${changed.path}`} className="flex min-h-0 flex-1 flex-col">
      <div className="flex items-center gap-2 border-b border-line bg-panel px-3.5 py-1">
        <PathText path={changed.path} className="flex-1" />
        {!changed.binary && <Counts additions={changed.additions} deletions={changed.deletions} />}
        <IconButton
          label="Wrap long lines"
          aria-pressed={wrap}
          icon={<WrapText />}
          onClick={() => setWrap(!wrap)}
          className="aria-pressed:bg-sunk aria-pressed:text-ink"
        />
        {changed.change !== 'removed' && (
          <Button look="quiet" onClick={() => go({ view: 'files', ck: span.to, file: changed.path })}>
            Whole file
          </Button>
        )}
      </div>
      {patch.isError && (
        <Failure
          what="The difference could not be read"
          error={patch.error}
          onRetry={() => void patch.refetch()}
          className="m-3.5"
        />
      )}
      {patch.isPending && <Skeleton lines={8} label="Reading the difference" />}
      {patch.data &&
        (patch.data.patch === null ? (
          <Blank title="Not shown as text">
            {patch.data.binary ? 'This file is binary.' : 'This file is too large to compare here.'}
          </Blank>
        ) : (
          <Lines
            patch={patch.data.patch}
            path={changed.path}
            wrap={wrap}
            label={`Difference of ${changed.path}, ${span.from} to ${span.to}`}
          />
        ))}
      {patch.data?.truncated && (
        <p className="border-t border-line px-3.5 py-1 text-small text-ink-3">
          The difference is long; its first part is shown.
        </p>
      )}
    </section>
  );
}

function Lines({
  patch,
  path,
  wrap,
  label,
}: {
  readonly patch: string;
  readonly path: string;
  readonly wrap: boolean;
  readonly label: string;
}) {
  const room = useRef<HTMLDivElement>(null);
  const lines = useMemo(() => parsePatch(patch), [patch]);
  const widest = useMemo(() => widestLine(lines.map((line) => line.text)), [lines]);
  if (lines.length === 0) return <Blank title="No line differs">Only the file’s mode or its name changed.</Blank>;
  return (
    <Scroll ref={room} label={label} className="mono min-h-0 flex-1 bg-panel leading-5">
      <div style={wrap ? undefined : { minWidth: `calc(${widest}ch + 118px)` }}>
        <Virtualizer data={lines} itemSize={20} scrollRef={room}>
          {(line, index) => <Line key={index} line={line} wrap={wrap} path={path} />}
        </Virtualizer>
      </div>
    </Scroll>
  );
}

const washes: Record<PatchLine['kind'], string> = {
  same: '',
  added: 'bg-added',
  removed: 'bg-removed',
  hunk: 'bg-sunk text-ink-3',
  note: 'text-ink-3 italic',
};
const signs: Partial<Record<PatchLine['kind'], string>> = { added: '+', removed: '−' };
const number = 'w-10 shrink-0 pr-2 text-right text-ink-3 select-none before:content-[attr(data-number)]';

function Line({ line, wrap, path }: { readonly line: PatchLine; readonly wrap: boolean; readonly path: string }) {
  const code = line.kind !== 'hunk' && line.kind !== 'note';
  const Text = line.kind === 'added' ? 'ins' : line.kind === 'removed' ? 'del' : 'span';
  return (
    <div className={`flex ${washes[line.kind]}`}>
      <span aria-hidden="true" className={`${number} max-wide:hidden`} data-number={line.before ?? ''} />
      <span
        aria-hidden="true"
        className={`${number} max-wide:hidden`}
        data-number={line.kind === 'hunk' ? '⋯' : (line.after ?? '')}
      />
      <span
        aria-hidden="true"
        className={`${number} wide:hidden`}
        data-number={line.kind === 'hunk' ? '⋯' : (line.after ?? line.before ?? '')}
      />
      <span
        aria-hidden="true"
        data-sign={signs[line.kind] ?? ''}
        className={`w-4 shrink-0 select-none before:content-[attr(data-sign)] ${line.kind === 'added' ? 'text-ok' : 'text-bad'}`}
      />
      <Text className={`pr-3 no-underline ${wrap ? 'min-w-0 break-words whitespace-pre-wrap' : 'whitespace-pre'}`}>
        {code ? <Tinted line={line.text} path={path} /> : line.text}
      </Text>
    </div>
  );
}

/** Remembered for this browser: who wraps once wraps always. */
function useKeptWrap(): readonly [boolean, (wrap: boolean) => void] {
  const key = 'devfactory.wrap';
  const [wrap, setWrap] = useState(() => {
    try {
      const kept = localStorage.getItem(key);
      return kept === null ? window.matchMedia('(width < 900px)').matches : kept === 'yes';
    } catch {
      return false;
    }
  });
  const choose = (next: boolean): void => {
    setWrap(next);
    try {
      localStorage.setItem(key, next ? 'yes' : 'no');
    } catch {
      // Without storage the choice lives as long as the page.
    }
  };
  return [wrap, choose];
}
