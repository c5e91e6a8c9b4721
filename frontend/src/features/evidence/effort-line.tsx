import type { Effort } from '@devfactory/contracts';
import { duration } from '../../words/format.ts';
import { usageDetail, usageText } from '../../words/usage-words.ts';

/** What a requirement took so far; nothing while nothing was done for it. */
export function EffortLine({ effort: { usage, stepMs, checkMs } }: { readonly effort: Effort }) {
  const tokens = usageText(usage);
  const parts = [
    ...(stepMs > 0 ? [`${duration(stepMs)} of work`] : []),
    ...(tokens === null ? [] : [tokens]),
    ...(checkMs > 0 ? [`${duration(checkMs)} of checking`] : []),
  ];
  if (parts.length === 0) return null;
  return (
    <p
      className="mt-1 text-small text-ink-3"
      title={`A turn is shared evenly by the requirements that were open when it began. ${tokens === null ? '' : usageDetail(usage)}`}
    >
      It took {parts.join(', ')}.
    </p>
  );
}
