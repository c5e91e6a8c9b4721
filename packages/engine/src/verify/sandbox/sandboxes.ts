import { createHash } from 'node:crypto';
import type {
  EgressDecision,
  Workspace,
  WorkspaceDriver,
  WorkspaceLimits,
  WorkspaceMount,
  WorkspaceSpec,
} from '@devfactory/kit';
import { EgressSums, type EgressSum } from '../../egress-sums.ts';
import type { VerifyRequest } from '../request.ts';

interface Opening {
  readonly egress?: readonly string[];
  readonly mounts?: readonly WorkspaceMount[];
  readonly env?: Readonly<Record<string, string>>;
  readonly models?: NonNullable<WorkspaceSpec['models']>;
}

/** The sandboxes of one verification: opens them, remembers what they report, and removes each, whatever happens. */
export class Sandboxes {
  readonly #driver: WorkspaceDriver;
  readonly #limits: WorkspaceLimits;
  readonly #open = new Map<string, Workspace>();
  readonly #temporary = new Set<string>();
  readonly #egress = new EgressSums();
  readonly #notEnforced = new Set<string>();

  constructor(driver: WorkspaceDriver, limits: WorkspaceLimits) {
    this.#driver = driver;
    this.#limits = limits;
  }

  /** Opens an empty sandbox that this verification removes at its end, or before. What a killed one left under the name goes first. */
  async open(id: string, opening: Opening = {}): Promise<Workspace> {
    this.#temporary.add(id);
    await this.#driver.remove(id);
    return this.reopen(id, opening);
  }

  /** Opens a sandbox on the files that are there. Removed at the end only when `open` made it. */
  async reopen(id: string, opening: Opening = {}): Promise<Workspace> {
    const workspace = await this.#driver.open({
      id,
      limits: this.#limits,
      egress: opening.egress ?? [],
      mounts: opening.mounts ?? [],
      env: opening.env ?? {},
      ...(opening.models ? { models: opening.models } : {}),
    });
    this.#open.set(id, workspace);
    for (const limit of workspace.notEnforced) this.#notEnforced.add(limit);
    return workspace;
  }

  /** A sandbox that is open now; null when it is not. */
  opened(id: string): Workspace | null {
    return this.#open.get(id) ?? null;
  }

  /** Ends a sandbox's processes; its files stay for others to mount. */
  async close(id: string): Promise<void> {
    const workspace = this.#open.get(id);
    if (!workspace) return;
    this.#open.delete(id);
    this.#egress.add(decisionsOf(workspace));
    await workspace.close();
  }

  async remove(id: string): Promise<void> {
    await this.close(id);
    await this.#driver.remove(id);
    this.#temporary.delete(id);
  }

  /** Ends everything and removes what is temporary. What resists is removed by the run's next verification, or when the run ends. */
  async removeAll(): Promise<void> {
    for (const id of this.#open.keys()) await this.close(id).catch(() => undefined);
    await Promise.allSettled([...this.#temporary].map((id) => this.#driver.remove(id)));
  }

  egress(): readonly EgressSum[] {
    return this.#egress.all();
  }

  notEnforced(): readonly string[] {
    return [...this.#notEnforced];
  }
}

/** A sandbox that died has nothing more to say. */
function decisionsOf(workspace: Workspace): readonly EgressDecision[] {
  try {
    return workspace.egressDecisions();
  } catch {
    return [];
  }
}

/** Sandboxes of one run's verifications begin with this. At most 56 characters with what follows, so that a suffix fits. */
function runPrefix(runId: string): string {
  return `v-${runId
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 24)}-`;
}

/** The name of one sandbox of one verification. */
export function sandboxId(
  { runId, verificationId }: Pick<VerifyRequest, 'runId' | 'verificationId'>,
  part: string,
): string {
  const mark = createHash('sha256').update(verificationId).digest('hex').slice(0, 10);
  return `${runPrefix(runId)}${mark}-${part}`;
}

/** The name of a folder with installed dependencies: the same digest of the same run finds it again. */
export function dependenciesId(runId: string, digest: string): string {
  return `${dependenciesPrefix(runId)}${digest.slice(0, 20)}`;
}

function dependenciesPrefix(runId: string): string {
  return `d${runPrefix(runId).slice(1)}`;
}

/** Removes what verifications of this run left when their worker was killed. A run has one verification at a time. */
export async function removeAbandoned(driver: WorkspaceDriver, runId: string): Promise<void> {
  await removeAll(driver, runPrefix(runId));
}

/** Removes everything that verifications keep for a run. Called when the run ends; with nothing kept it does nothing. */
export async function removeVerifierFolders(driver: WorkspaceDriver, runId: string): Promise<void> {
  await removeAll(driver, runPrefix(runId));
  await removeAll(driver, dependenciesPrefix(runId));
}

async function removeAll(driver: WorkspaceDriver, prefix: string): Promise<void> {
  for (const id of await driver.list()) if (id.startsWith(prefix)) await driver.remove(id);
}
