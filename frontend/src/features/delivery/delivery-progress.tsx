import { deliveryPhases } from '@devfactory/contracts';
import { useDeliveryProgress } from '../../api/use-run.ts';
import { ProgressBar } from '../../components/ui/progress-bar.tsx';
import { bytes } from '../../words/format.ts';

/** How far a delivery is. Nothing until there is something to say. The number is not announced with each step; a reader finds it at the bar. */
export function DeliveryProgressBar({ runId, exportId }: { readonly runId: string; readonly exportId: string }) {
  const progress = useDeliveryProgress(runId, exportId);
  if (!progress) return null;
  const { phase, done, total } = progress;
  const word = deliveryPhases[phase];
  return (
    <div className="mt-1.5 grid gap-1">
      <ProgressBar label={word} value={total === null ? undefined : done} max={Math.max(1, total ?? 1)} />
      <p className="text-small text-ink-2 tabular-nums">
        {word}
        {total !== null && ` · ${bytes(done)} of ${bytes(total)}`}
      </p>
    </div>
  );
}
