import { useMemo, useRef } from 'react';
import { Virtualizer } from 'virtua';
import { cx } from '../ui/cx.ts';
import { Scroll } from '../ui/scroll.tsx';
import { CodeText } from './code-text.tsx';
import { useTint } from './use-tint.ts';

interface Props {
  readonly text: string;
  readonly label: string;
  readonly wrap?: boolean;
  /** Names the language by its ending, and `source` where the text is from: together they name the text. Left out for logs. */
  readonly path?: string;
  readonly source?: string;
  readonly className?: string;
}

/** Text with line numbers; only the lines in sight are in the page. Numbers are not copied along. */
export function CodeLines({ text, label, wrap = false, path = '', source = '', className }: Props) {
  const room = useRef<HTMLDivElement>(null);
  const lines = useMemo(() => text.replace(/\r?\n$/, '').split(/\r?\n/), [text]);
  const gutter = `${Math.max(3, String(lines.length).length)}ch`;
  const widest = useMemo(() => widestLine(lines), [lines]);
  const tints = useTint(source === '' ? null : { key: [source], path, read: () => Promise.resolve(text) });
  return (
    <Scroll ref={room} label={label} className={cx('mono min-h-0 flex-1 bg-panel py-1 leading-5', className)}>
      <div style={wrap ? undefined : { minWidth: `calc(${widest}ch + ${gutter} + 28px)` }}>
        <Virtualizer data={lines} itemSize={20} scrollRef={room}>
          {(line, index) => (
            <div key={index} className="flex gap-3 pr-3">
              <span
                aria-hidden="true"
                data-number={index + 1}
                style={{ minWidth: `calc(${gutter} + 12px)` }}
                className="shrink-0 text-right text-ink-3 select-none before:content-[attr(data-number)]"
              />
              <span className={wrap ? 'min-w-0 break-words whitespace-pre-wrap' : 'whitespace-pre'}>
                <CodeText line={line} pieces={tints?.[index]} />
              </span>
            </div>
          )}
        </Virtualizer>
      </div>
    </Scroll>
  );
}

/** Columns the widest line takes, counting a tab as 8. */
export function widestLine(lines: readonly string[]): number {
  return lines.reduce((most, line) => Math.max(most, line.length + (line.split('\t').length - 1) * 7), 0);
}
