import type { DeliveryProgress, LiveWords } from '@devfactory/contracts';
import type {
  Agent,
  BlobStore,
  Exporter,
  GuidanceSource,
  ModelProxy,
  ModelSource,
  RunLog,
  Signer,
  Spending,
  Toolchain,
  WorkspaceDriver,
  WorkspaceLimits,
} from '@devfactory/kit';
import { defaultModelLimits, type ModelLimits } from './model/index.ts';
import { defaultDocsHosts } from './tools/fetch-tool.ts';

/** Uploaded source archives, kept by the installation. */
export interface UploadStore {
  /** A ZIP file on the host. Throws DomainError upload_missing. */
  open(uploadId: string): Promise<{ readonly path: string }>;
}

/** What people do with the files beside the agent: what they type is not in the workspace at once, and what they change there is not always told. */
export interface CoEditing {
  /**
   * Resolves when what was typed into these files (null: into any) is in the workspace, and what people changed there unannounced is in the
   * log. Whoever `changes` files next tells the end of it by `changed`, with the same paths: until then those are theirs. Never throws.
   */
  settle(workspaceId: string, paths: readonly string[] | null, next: 'looks' | 'changes'): Promise<void>;
  /** These files (null: any) may hold something else now, by the agent's doing: whoever has them open sees it. Never throws. */
  changed(workspaceId: string, paths: readonly string[] | null): Promise<void>;
}

export interface EngineLimits {
  /** Steps of one turn before it ends as exhausted. */
  readonly stepsPerTurn: number;
  /** Repair turns in a row before a person is asked. */
  readonly repairs: number;
  /** Milliseconds that the mutants of one requirement may take together, for each review candidate. */
  readonly mutationMs: number;
  readonly workspace: WorkspaceLimits;
  /** Hosts a workspace may reach beside package registries and those its source needs. */
  readonly egress: readonly string[];
  /** Hosts whose documentation agents may read; a workspace may reach them too. One with a port may be without TLS. */
  readonly docsHosts: readonly string[];
  readonly shellTimeoutMs: number;
  /** Milliseconds that a server of tools may take to say what it offers (it may be fetched first), and to answer a call. */
  readonly serverStartMs: number;
  readonly serverCallMs: number;
  /** Milliseconds an agent has to end its step after it was told to. */
  readonly agentGraceMs: number;
  readonly model: ModelLimits;
  /** Milliseconds without another change by a person before their changes become a checkpoint. */
  readonly editPauseMs: number;
}

/** Everything a run needs from the world. */
export interface EngineDeps {
  readonly log: RunLog;
  readonly blobs: BlobStore;
  readonly driver: WorkspaceDriver;
  readonly agents: ReadonlyMap<string, Agent>;
  readonly toolchains: readonly Toolchain[];
  readonly exporters: ReadonlyMap<string, Exporter>;
  readonly uploads: UploadStore;
  /** Left out where no agent needs a model. */
  readonly models?: ModelSource;
  readonly spending?: Spending;
  /** Left out: deliveries have no signed provenance. */
  readonly signer?: Signer;
  /** A folder on the host for what is read back of deliveries; each has one in it while it is looked at. Left out: below the system's own. */
  readonly arrivals?: string;
  /** Told what models write, as they do. It must not throw. */
  readonly tellWords?: (runId: string, words: LiveWords) => void;
  /** Told how far deliveries are, as they go on. It must not throw. */
  readonly tellProgress?: (runId: string, progress: DeliveryProgress) => void;
  /** For agents whose own processes ask the model. */
  readonly modelProxy?: ModelProxy;
  /** Left out: runs follow no settings, and no trust is remembered. */
  readonly guidance?: GuidanceSource;
  readonly limits?: Partial<EngineLimits>;
  /** Left out where nobody edits while agents work. */
  readonly coEditing?: CoEditing;
}

const gibibyte = 1024 ** 3;

export const defaultLimits: EngineLimits = {
  stepsPerTurn: 200,
  repairs: 2,
  mutationMs: 60_000,
  workspace: {
    memoryBytes: 4 * gibibyte,
    processes: 512,
    cpus: 2,
    diskBytes: 10 * gibibyte,
    files: 500_000,
    tmpBytes: gibibyte / 2,
  },
  egress: [],
  docsHosts: defaultDocsHosts,
  shellTimeoutMs: 120_000,
  serverStartMs: 60_000,
  serverCallMs: 120_000,
  agentGraceMs: 5_000,
  model: defaultModelLimits,
  editPauseMs: 2_000,
};
