import { randomUUID } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  BlobServiceClient,
  ContainerSASPermissions,
  generateBlobSASQueryParameters,
  StorageSharedKeyCredential,
} from '@azure/storage-blob';
import type { Destination } from '@devfactory/contracts';
import type { Exporter, ExportRequest } from '@devfactory/kit';
import {
  createMemoryBlobStore,
  sourceTreeOf,
  startAzurite,
  testFolder,
  unpackZip,
  type Azurite,
} from '@devfactory/kit/testing';
import { createAzureExporter } from '../index.ts';
import { DeliveryManifest } from '../manifest.ts';

export const newContainer = (): string => `t${randomUUID()}`;
export const never = new AbortController().signal;

/** An emulator, and how somebody sees it who has nothing of ours. */
export class AzureStage {
  readonly azurite: Azurite;
  readonly #folder = testFolder('df-azure-delivery-');

  private constructor(azurite: Azurite) {
    this.azurite = azurite;
  }

  static async start(): Promise<AzureStage> {
    return new AzureStage(await startAzurite());
  }

  async stop(): Promise<void> {
    await this.azurite.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  exporter(port?: number, tries = 8): Exporter {
    return createAzureExporter({
      environment: { DEVFACTORY_DELIVERY_CONNECTION_STRING: this.azurite.connectionString(port) },
      pauseMs: 1,
      tries,
    });
  }

  container(name: string) {
    return BlobServiceClient.fromConnectionString(this.azurite.connectionString()).getContainerClient(name);
  }

  /** The query of a SAS that lasts a minute, with these rights on this container alone. */
  sasOf(container: string, rights: string): string {
    return generateBlobSASQueryParameters(
      {
        containerName: container,
        permissions: ContainerSASPermissions.parse(rights),
        expiresOn: new Date(Date.now() + 60_000),
      },
      new StorageSharedKeyCredential(this.azurite.account, this.azurite.key),
    ).toString();
  }

  async names(container: string): Promise<string[]> {
    const found: string[] = [];
    for await (const { name } of this.container(container).listBlobsFlat()) found.push(name);
    return found;
  }

  read(container: string, name: string): Promise<Buffer> {
    return this.container(container).getBlobClient(name).downloadToBuffer();
  }

  /** Of the last delivery. */
  async manifestOf(container: string): Promise<DeliveryManifest> {
    const all = (await this.names(container)).filter((name) => name.endsWith('delivery.json'));
    const dated = await Promise.all(
      all.map(async (name) => ({
        name,
        at: (await this.container(container).getBlobClient(name).getProperties()).lastModified ?? 0,
      })),
    );
    const last = dated.toSorted((a, b) => Number(a.at) - Number(b.at)).at(-1)?.name ?? '';
    return DeliveryManifest.parse(JSON.parse((await this.read(container, last)).toString()));
  }

  /** Lays the files of a delivery into a folder, modes by its manifest. */
  async laid(container: string): Promise<string> {
    const target = mkdtempSync(join(this.#folder, 'arrived-'));
    const all = await this.names(container);
    const { entries, tree, run } = await this.manifestOf(container);
    const folder = `${run}/${tree.slice(0, 16)}/files/`;
    const prefix = all.some((name) => name.startsWith(folder)) ? folder : '';
    for (const entry of entries) {
      const path = join(target, entry.path);
      mkdirSync(join(path, '..'), { recursive: true });
      if (entry.type === 'symlink') continue;
      writeFileSync(path, await this.read(container, prefix + entry.path));
      chmodSync(path, Number.parseInt(entry.mode, 8));
    }
    return target;
  }

  /** Lays the archive that this address names into a folder. */
  async unpacked(container: string, location: string): Promise<string> {
    const target = mkdtempSync(join(this.#folder, 'arrived-'));
    const name = decodeURIComponent(location.slice(`${this.azurite.url}/${container}/`.length));
    await unpackZip(await this.read(container, name), target);
    return target;
  }
}

export const request = (destination: Destination, change: Partial<ExportRequest> = {}): ExportRequest => ({
  exportId: 'ex-1',
  runId: 'run_abcdefgh234567ij',
  name: 'shop',
  destination,
  imported: null,
  tree: sourceTreeOf([
    ['index.html', '<!doctype html>'],
    ['app.js', 'export {};'],
    ['logo.png', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 255])],
    ['link', { link: 'app.js' }],
    ['run.sh', '#!/bin/sh\n', 'executable'],
  ]),
  proof: { json: '{"proof":1}', report: '<!doctype html>', summary: { prompt: '', requirements: [] } },
  blobs: createMemoryBlobStore(),
  ...change,
});
