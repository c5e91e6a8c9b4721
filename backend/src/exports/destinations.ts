import {
  headTree,
  type DeliveryLink,
  type DeliveryPreview,
  type Destination,
  type DestinationKind,
  type Trial,
} from '@devfactory/contracts';
import { previewDelivery } from '@devfactory/engine';
import { DomainError, type Exporter } from '@devfactory/kit';
import type { Plugins } from '../composition.ts';
import { acceptDestinations } from '../runs/destinations.ts';
import type { EventStore } from '../store/event-store.ts';

const trialMs = 60_000;

/** What destinations there are, whether they can be reached, and what would go there. */
export class Destinations {
  readonly #plugins: Pick<Plugins, 'exporters' | 'blobs'>;
  readonly #events: EventStore;

  constructor(plugins: Pick<Plugins, 'exporters' | 'blobs'>, events: EventStore) {
    this.#plugins = plugins;
    this.#events = events;
  }

  kinds(): DestinationKind[] {
    return [...this.#plugins.exporters.values()].map((exporter) => ({
      kind: exporter.id,
      title: exporter.title,
      ...exporter.setUp(),
    }));
  }

  async test(destination: Destination): Promise<Trial> {
    const began = performance.now();
    const done = (ok: boolean, sentence: string): Trial => ({
      ok,
      sentence,
      ms: Math.round(performance.now() - began),
    });
    try {
      acceptDestinations(this.#plugins.exporters, [destination]);
      return done(true, await this.#exporter(destination).probe(destination, AbortSignal.timeout(trialMs)));
    } catch (error) {
      if (error instanceof DomainError) return done(false, error.message);
      if (error instanceof Error && error.name === 'TimeoutError')
        return done(false, `No answer within ${trialMs / 1000} seconds.`);
      throw error;
    }
  }

  /** Throws run_unknown, checkpoint_broken. */
  async preview(runId: string, destination: Destination): Promise<DeliveryPreview> {
    const state = await this.#events.state(runId);
    const wanted = state.approval?.checkpointId ?? state.head;
    const checkpoint = state.checkpoints.find(({ id }) => id === wanted);
    const tree = state.approval?.tree ?? headTree(state);
    if (!checkpoint || tree === null)
      throw new DomainError('nothing_to_deliver', 'conflict', { message: `Run ${runId} has no source tree yet.` });
    const { blobs } = this.#plugins;
    const { secrets, files, bytes, excluded } = await previewDelivery({ blobs, state }, checkpoint);
    const stale = checkpoint.tree !== tree;
    const isWaived = state.waivedSecrets.some((waiver) => waiver.tree === checkpoint.tree);
    return {
      tree: checkpoint.tree,
      files,
      bytes,
      excluded: [...excluded],
      secrets: [...secrets],
      gates: [
        {
          gate: 'tree',
          open: !stale,
          sentence: stale ? 'The approved tree is not the one that is here now.' : 'Exactly this tree is delivered.',
        },
        { gate: 'secrets', open: secrets.length === 0, sentence: secretWords(secrets, isWaived) },
        this.#accepted(destination),
      ],
    };
  }

  /** Throws export_missing, no_link, and what the exporter says. */
  async link(
    runId: string,
    { exportId, hours }: { readonly exportId: string; readonly hours: number },
  ): Promise<DeliveryLink> {
    const state = await this.#events.state(runId);
    const record = state.exports.find(({ id }) => id === exportId);
    if (record?.state !== 'delivered' || record.location === null)
      throw new DomainError('export_missing', 'not-found', { message: `Run ${runId} has made no such delivery.` });
    const exporter = this.#exporter(record.destination);
    if (!exporter.link)
      throw new DomainError('no_link', 'conflict', { message: `${exporter.title} gives no links that end.` });
    const expiresAt = new Date(Date.now() + hours * 3_600_000);
    const { destination, location } = record;
    return { url: await exporter.link({ destination, location, expiresAt }), expiresAt: expiresAt.toISOString() };
  }

  #accepted(destination: Destination): DeliveryPreview['gates'][number] {
    try {
      acceptDestinations(this.#plugins.exporters, [destination]);
      return { gate: 'destination', open: true, sentence: 'The destination is set up here.' };
    } catch (error) {
      if (error instanceof DomainError) return { gate: 'destination', open: false, sentence: error.message };
      throw error;
    }
  }

  #exporter(destination: Destination): Exporter {
    acceptDestinations(this.#plugins.exporters, [destination]);
    const exporter = this.#plugins.exporters.get(destination.kind);
    if (!exporter) throw new Error(`no exporter ${destination.kind}`);
    return exporter;
  }
}

function secretWords(secrets: readonly string[], isWaived: boolean): string {
  if (secrets.length > 0)
    return 'It holds what looks like secrets. Have them removed and make them invalid, or say why they may go.';
  return isWaived ? 'What looks like secrets in it goes by your word.' : 'No secret was found in it.';
}
