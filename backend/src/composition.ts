import { join } from 'node:path';
import { createAcpAgents, createOwnAgent } from '@devfactory/agent-acp';
import { createBlueprintAgent } from '@devfactory/agent-blueprint';
import { createBuiltinAgent } from '@devfactory/agent-builtin';
import { createScriptedAgent } from '@devfactory/agent-scripted';
import { blobStoreAccess, coolAfterDays, createAzureBlobStore } from '@devfactory/blobs-azure';
import { createFileBlobStore } from '@devfactory/blobs-file';
import type { OwnAgent } from '@devfactory/contracts';
import { programOnDemand } from '@devfactory/engine';
import { createAzureExporter } from '@devfactory/exporter-azure';
import { createGitHubExporter } from '@devfactory/exporter-github';
import { createZipExporter } from '@devfactory/exporter-zip';
import {
  DomainError,
  type Agent,
  type BlobStore,
  type Exporter,
  type ModelProvider,
  type Toolchain,
  type WorkspaceDriver,
} from '@devfactory/kit';
import { anthropicProvider } from '@devfactory/model-anthropic';
import { azureProvider } from '@devfactory/model-azure';
import { googleProvider } from '@devfactory/model-google';
import { onnxProvider, onnxRuntime } from '@devfactory/model-onnx';
import { openAiProvider } from '@devfactory/model-openai';
import { localProviders, openAiCompatibleProvider } from '@devfactory/model-openai-compatible';
import { cppToolchain } from '@devfactory/toolchain-cpp';
import { goToolchain } from '@devfactory/toolchain-go';
import { javaToolchain } from '@devfactory/toolchain-java';
import { nodeToolchain } from '@devfactory/toolchain-node';
import { pythonToolchain } from '@devfactory/toolchain-python';
import { rustToolchain } from '@devfactory/toolchain-rust';
import { webToolchain } from '@devfactory/toolchain-web';
import { createBwrapDriver } from '@devfactory/workspace-bwrap';
import { installPostgres } from './store/postgres-binaries.ts';

/** Everything behind a port. */
export interface Plugins {
  /** Those that come with the factory. */
  readonly agents: ReadonlyMap<string, Agent>;
  /** One that a person described. */
  readonly ownAgent: (own: OwnAgent) => Agent;
  readonly toolchains: readonly Toolchain[];
  readonly exporters: ReadonlyMap<string, Exporter>;
  readonly blobs: BlobStore;
  readonly driver: WorkspaceDriver;
  readonly modelProviders: ReadonlyMap<string, ModelProvider>;
  /** Ends what plugins keep running. */
  close(): Promise<void>;
}

export interface Place {
  readonly dataDir: string;
  readonly runtimeDir: string;
  /** Folder of the IDE's programs, which runs' sandboxes see at /opt/ide. */
  readonly ideDir?: string;
  /** Where the choice of blob store and its address stand, and what exporters are set up by; default: the process's own. */
  readonly environment?: NodeJS.ProcessEnv;
  /** Agents beside the built-in ones. */
  readonly agents?: readonly Agent[];
  /** Told what a person who looks after the factory should know, a line each. */
  readonly tell?: (line: string) => void;
}

/** The built-in plugins, and the only file that names them: a new one is its folder and its line here. */
export function composePlugins(place: Place): Plugins {
  const toolchains = [
    nodeToolchain(),
    pythonToolchain(),
    goToolchain(),
    javaToolchain(),
    rustToolchain(),
    cppToolchain(),
    webToolchain(),
  ];
  const registries = toolchains.flatMap((toolchain) => toolchain.registryHosts);
  const driver = createBwrapDriver({
    ...place,
    sights: (id) => [
      ...(place.ideDir !== undefined && id.startsWith('run-') ? [{ from: place.ideDir, at: '/opt/ide' }] : []),
      ...onnx.sights(id),
    ],
    // Test services run without a package of the machine's own: the server that we keep our own state in is there anyway.
    programs: [{ name: 'postgresql', folder: () => installPostgres(place.runtimeDir) }],
  });
  const onnx = onnxProvider({ driver, runtime: programOnDemand(onnxRuntime, { driver, egress: registries }) });
  return {
    agents: byId([
      createBuiltinAgent(),
      createBlueprintAgent(),
      createScriptedAgent(),
      ...createAcpAgents(),
      ...(place.agents ?? []),
    ]),
    ownAgent: createOwnAgent,
    toolchains,
    exporters: byId([
      createZipExporter(),
      createGitHubExporter({
        environment: place.environment ?? process.env,
        directory: join(place.dataDir, 'deliveries'),
      }),
      createAzureExporter({
        environment: place.environment ?? process.env,
        ...(place.tell ? { tell: place.tell } : {}),
      }),
    ]),
    blobs: blobStoreOf(place),
    driver,
    modelProviders: byId([
      openAiProvider(),
      azureProvider(),
      openAiCompatibleProvider(),
      anthropicProvider(),
      googleProvider(),
      onnx,
      ...localProviders(),
    ]),
    close: () => onnx.close(),
  };
}

/** Throws invalid_environment or blob_store_settings before anything is opened. */
function blobStoreOf({ dataDir, environment = process.env, tell }: Place): BlobStore {
  const chosen = environment['DEVFACTORY_BLOB_STORE'] || 'file';
  if (chosen === 'file') return createFileBlobStore({ directory: join(dataDir, 'blobs') });
  if (chosen === 'azure') {
    const access = blobStoreAccess(environment);
    const cool = coolAfterDays(environment);
    return createAzureBlobStore({ access, spoolDirectory: dataDir, coolAfterDays: cool, ...(tell ? { tell } : {}) });
  }
  throw new DomainError('invalid_environment', 'invalid', {
    message: `DEVFACTORY_BLOB_STORE is "${chosen}": it is file or azure.`,
  });
}

function byId<T extends { readonly id: string }>(plugins: readonly T[]): ReadonlyMap<string, T> {
  return new Map(plugins.map((plugin) => [plugin.id, plugin]));
}
