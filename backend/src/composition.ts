import { join } from 'node:path';
import { createBlueprintAgent } from '@devfactory/agent-blueprint';
import { createScriptedAgent } from '@devfactory/agent-scripted';
import { createFileBlobStore } from '@devfactory/blobs-file';
import { createZipExporter } from '@devfactory/exporter-zip';
import type { Agent, BlobStore, Exporter, Toolchain, WorkspaceDriver } from '@devfactory/kit';
import { goToolchain } from '@devfactory/toolchain-go';
import { javaToolchain } from '@devfactory/toolchain-java';
import { nodeToolchain } from '@devfactory/toolchain-node';
import { pythonToolchain } from '@devfactory/toolchain-python';
import { rustToolchain } from '@devfactory/toolchain-rust';
import { webToolchain } from '@devfactory/toolchain-web';
import { createBwrapDriver } from '@devfactory/workspace-bwrap';

/** Everything behind a port. */
export interface Plugins {
  readonly agents: ReadonlyMap<string, Agent>;
  readonly toolchains: readonly Toolchain[];
  readonly exporters: ReadonlyMap<string, Exporter>;
  readonly blobs: BlobStore;
  readonly driver: WorkspaceDriver;
}

export interface Place {
  readonly dataDir: string;
  readonly runtimeDir: string;
}

/** The built-in plugins, and the only file that names them: a new one is its folder and its line here. */
export function composePlugins(place: Place): Plugins {
  return {
    agents: byId([createBlueprintAgent(), createScriptedAgent()]),
    toolchains: [nodeToolchain(), pythonToolchain(), goToolchain(), javaToolchain(), rustToolchain(), webToolchain()],
    exporters: byId([createZipExporter()]),
    blobs: createFileBlobStore({ directory: join(place.dataDir, 'blobs') }),
    driver: createBwrapDriver(place),
  };
}

function byId<T extends { readonly id: string }>(plugins: readonly T[]): ReadonlyMap<string, T> {
  return new Map(plugins.map((plugin) => [plugin.id, plugin]));
}
