import { randomUUID } from 'node:crypto';
import { Calls, linkTo, openContainer, placeOf, type CallOptions } from '@devfactory/azure';
import {
  DomainError,
  type Exporter,
  keepProof,
  setUpFrom,
  type ArrivedEntry,
  type ExportReceipt,
  type ExportRequest,
  type MadeDelivery,
} from '@devfactory/kit';
import { arrivedArchive, arrivedFiles } from './arrived.ts';
import type { Delivery } from './commit.ts';
import { deliverArchive } from './deliver-archive.ts';
import { deliverFiles } from './deliver-files.ts';
import { DeliveryPlace } from './place.ts';
import { readBack } from './read-back.ts';
import { accessFor, deliveryVariables, type AzureDestination } from './settings.ts';
import { fromBytes, sha256 } from './sources.ts';

export interface AzureExporterOptions extends Partial<Pick<CallOptions, 'tries' | 'pauseMs' | 'timeoutMs' | 'tell'>> {
  /** Where DEVFACTORY_DELIVERY_URL or DEVFACTORY_DELIVERY_CONNECTION_STRING stands. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * Delivers the tree to a container: as an archive or as files in a folder of its own for each run and tree, never overwritten, or as a
 * site that is kept up to date. The manifest is written last. Delivering again looks first, and sends what is missing.
 */
export function createAzureExporter(options: AzureExporterOptions): Exporter {
  return {
    id: 'azure',
    title: 'Azure Blob Storage',
    setUp: () => setUpFrom(() => placeOf(accessFor(options.environment, { kind: 'azure' }))),
    probe: (destination, signal) => probe(options, azureOf(destination), signal),
    accept(destination) {
      if (destination.kind !== 'azure')
        throw new DomainError('invalid_destination', 'invalid', {
          message: `The Azure exporter does not deliver to "${destination.kind}".`,
        });
      accessFor(options.environment, destination);
    },
    deliver: (request, signal) => deliver(options, request, signal),
    arrived: (delivery, signal) => arrived(options, delivery, signal),
    async link({ destination, location, expiresAt }) {
      const calls = callsTo(options, azureOf(destination));
      const prefix = await addressOf(calls, '');
      if (!location.startsWith(prefix) || !location.endsWith('.zip'))
        throw new DomainError('azure_link', 'conflict', {
          message: 'Only a delivery as an archive has one address that a link can be made for.',
        });
      return linkTo(calls, decodeURIComponent(location.slice(prefix.length)), expiresAt);
    },
  };
}

/** Writes a blob, reads it and removes it. Where removing is not allowed the archive needs no such right, and it is said. */
async function probe(
  options: AzureExporterOptions,
  destination: AzureDestination,
  signal: AbortSignal,
): Promise<string> {
  const calls = callsTo(options, destination, signal);
  const place = new DeliveryPlace(calls);
  const folder = destination.folder === undefined ? '' : `${destination.folder}/`;
  const name = `${folder}.devfactory-test-${randomUUID()}`;
  const bytes = Buffer.from('AI DevFactory tries whether it can deliver here. This can be removed.\n');
  const blob = { name, sha256: sha256(bytes), run: 'test', source: fromBytes(bytes), headers: {}, instead: null };
  await place.put(blob);
  await readBack(place, [blob]);
  const seen = await place.look(name);
  const address = await addressOf(calls, folder);
  try {
    if (seen) await place.remove(name, seen);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return `${address} can be written and read. It may not be removed from, so ${name} stays there; a site could not be kept up to date.`;
  }
  return `${address} can be written, read and removed from.`;
}

/** What the container holds of a delivery, downloaded. */
async function* arrived(
  options: AzureExporterOptions,
  delivery: MadeDelivery,
  signal: AbortSignal,
): AsyncIterable<ArrivedEntry> {
  const destination = azureOf(delivery.destination);
  const calls = callsTo(options, destination, signal);
  const { own, base, root } = foldersFor(destination, { runId: delivery.runId, tree: delivery.tree });
  const form = destination.as ?? 'archive';
  const place = new DeliveryPlace(calls);
  if (form !== 'archive') {
    yield* arrivedFiles(place, { manifest: `${base}delivery.json`, root });
    return;
  }
  const name = decodeURIComponent(delivery.location.slice((await addressOf(calls, '')).length));
  if (!name.startsWith(own))
    throw new DomainError('azure_moved', 'conflict', { message: 'The server is set up for another account by now.' });
  yield* arrivedArchive(place, name, delivery.directory);
}

/** Where a delivery's blobs are: its own folder, where the manifest is, where the tree's files begin. */
function foldersFor(
  { folder: wanted, as }: AzureDestination,
  { runId, tree }: { readonly runId: string; readonly tree: string },
): { readonly own: string; readonly base: string; readonly root: string; readonly folder: string } {
  const folder = wanted === undefined ? '' : `${wanted}/`;
  const own = `${folder}${runId}/${tree.slice(0, 16)}/`;
  return as === 'site'
    ? { own, folder, base: `${folder}.devfactory/`, root: folder }
    : { own, folder, base: own, root: `${own}files/` };
}

interface Made {
  readonly manifest: string;
  /** The archive, and the same as a file that the factory keeps. */
  readonly blob?: string;
  readonly files?: ExportReceipt['files'];
}

async function deliver(
  options: AzureExporterOptions,
  request: ExportRequest,
  signal: AbortSignal,
): Promise<ExportReceipt> {
  const destination = azureOf(request.destination);
  const calls = callsTo(options, destination, signal);
  const place = new DeliveryPlace(calls);
  const { own, folder, base, root } = foldersFor(destination, { runId: request.runId, tree: request.tree.hash });
  const form = destination.as ?? 'archive';
  const delivery: Delivery = { request, place, base };
  const proof = await keepProof(request);
  const made: Made =
    form === 'archive'
      ? await deliverArchive(delivery, signal)
      : await deliverFiles(delivery, {
          as: form,
          root,
          withProof: !(form === 'site' && destination.container === '$web'),
        });
  const tags = { run: request.runId, tree: request.tree.hash, ...destination.tags };
  const tagged = await place.tag(made.manifest, tags);
  if (tagged && made.blob !== undefined) await place.tag(made.blob, tags);
  if (!tagged) options.tell?.(`Azure: ${made.manifest} was delivered without tags, which this account or SAS refuses.`);
  const location = await addressOf(calls, made.blob ?? (form === 'site' ? folder : `${own}files/`));
  return {
    location,
    files: [...(made.files ?? []), ...proof],
    leftOut:
      form === 'archive'
        ? []
        : request.tree.entries.flatMap(({ type, path }) =>
            type === 'symlink' ? [{ path, why: 'Azure has no links: its target is in delivery.json' }] : [],
          ),
    readBack: { from: await addressOf(calls, made.manifest), hash: request.tree.hash },
  };
}

function callsTo(
  { environment, tries = 8, pauseMs = 200, timeoutMs = 120_000, tell = () => {} }: AzureExporterOptions,
  destination: AzureDestination,
  signal?: AbortSignal,
): Calls {
  const container = openContainer(accessFor(environment, destination), deliveryVariables);
  const more = signal ? { signal } : {};
  return new Calls(container, { tries, pauseMs, timeoutMs, tell, codes: 'azure_delivery', ...more });
}

function azureOf(destination: ExportRequest['destination']): AzureDestination {
  if (destination.kind !== 'azure') throw new Error(`not an Azure destination: ${destination.kind}`);
  return destination;
}

/** Without what opens the door. */
function addressOf(calls: Calls, name: string): Promise<string> {
  return calls.send('naming a blob', async (container) => {
    const [plain = ''] = container.url.split('?');
    return `${plain}/${name.split('/').map(encodeURIComponent).join('/')}`;
  });
}
