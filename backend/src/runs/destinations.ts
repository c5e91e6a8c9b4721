import type { Destination } from '@devfactory/contracts';
import { DomainError, type Exporter } from '@devfactory/kit';

/** Throws unknown_exporter or invalid_destination: before a run is created, or a result approved. */
export function acceptDestinations(
  exporters: ReadonlyMap<string, Exporter>,
  destinations: readonly Destination[],
): void {
  for (const destination of destinations) {
    const exporter = exporters.get(destination.kind);
    if (!exporter) {
      throw new DomainError('unknown_exporter', 'invalid', {
        message: `There is no exporter '${destination.kind}'; known are ${[...exporters.keys()].join(', ')}.`,
      });
    }
    exporter.accept(destination);
  }
}
