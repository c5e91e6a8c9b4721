import { randomBytes, randomUUID } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFileBlobStore } from '@devfactory/blobs-file';
import {
  canonicalJson,
  type Check,
  type Checkpoint,
  type CheckSpec,
  type Evidence,
  type Mutation,
  requirementStatus,
  type RequirementStatus,
} from '@devfactory/contracts';
import {
  carryOver,
  makeCheckpoint,
  mutate,
  removeVerifierFolders,
  verify,
  type Verification,
} from '@devfactory/engine';
import type { BlobStore, Toolchain, Workspace, WorkspaceDriver } from '@devfactory/kit';
import { nodeToolchain } from '@devfactory/toolchain-node';
import { pythonToolchain } from '@devfactory/toolchain-python';
import { createBwrapDriver } from '@devfactory/workspace-bwrap';
import { installPostgres } from '../src/store/postgres-binaries.ts';

/** Text of a file, or where a link leads. */
export type Tree = Readonly<Record<string, string | { readonly link: string }>>;

export interface Question {
  readonly spec: CheckSpec;
  readonly intent?: Check['intent'];
  readonly timeoutMs?: number;
}

export interface Answer {
  readonly status: RequirementStatus;
  /** Of the tree, in the order of the questions. */
  readonly evidence: readonly Evidence[];
  readonly base: readonly Evidence[];
  /** Of the checks that passed on the tree and not on the base, as a run would ask. */
  readonly mutations: readonly Mutation[];
}

const limits = {
  memoryBytes: 512 * 1024 ** 2,
  processes: 100,
  cpus: 1,
  diskBytes: 1024 ** 3,
  files: 50_000,
  tmpBytes: 64 * 1024 ** 2,
};
const anyRun = 'run_aaaaaaaaaaaaaaaa';

interface StageOptions {
  readonly toolchains?: readonly Toolchain[];
  readonly runtimeDir?: string;
  readonly programs?: NonNullable<Parameters<typeof createBwrapDriver>[0]['programs']>;
  /** Laid over folders of the machine. */
  readonly sights?: NonNullable<Parameters<typeof createBwrapDriver>[0]['sights']>;
}

interface Keeper {
  readonly keep: (tree: Tree, id: string) => Promise<Checkpoint>;
  readonly close: () => Promise<void>;
}

async function layDown(workspace: Workspace, tree: Tree): Promise<void> {
  const folders = new Set(
    Object.keys(tree).flatMap((path) =>
      path
        .split('/')
        .slice(0, -1)
        .map((_, index, parts) => parts.slice(0, index + 1).join('/')),
    ),
  );
  await workspace.files.putMany(
    [...folders].toSorted().map((path) => ({ type: 'directory' as const, path, raw: false, mode: 0o755 })),
  );
  await workspace.files.putMany(
    Object.entries(tree).map(([path, content]) =>
      typeof content === 'string'
        ? { type: 'file' as const, path, raw: false, mode: 0o644, bytes: Buffer.from(content), mtimeMs: null }
        : { type: 'symlink' as const, path, raw: false, target: content.link },
    ),
  );
}

/** The real driver, the real blob store and the real verifier in a folder of their own. */
export class VerifyStage {
  readonly driver: WorkspaceDriver;
  readonly blobs: BlobStore;
  readonly toolchains: readonly Toolchain[];
  readonly #folder: string;

  /** Can be shared between stages: laying it out takes seconds. */
  readonly runtimeDir: string;

  private constructor(folder: string, { toolchains, runtimeDir, programs, sights }: StageOptions) {
    this.#folder = folder;
    this.runtimeDir = runtimeDir ?? join(folder, 'runtime');
    this.driver = createBwrapDriver({
      dataDir: folder,
      runtimeDir: this.runtimeDir,
      ...(sights ? { sights } : {}),
      programs: programs ?? [{ name: 'postgresql', folder: () => installPostgres(this.runtimeDir) }],
    });
    this.blobs = createFileBlobStore({ directory: join(folder, 'blobs') });
    this.toolchains = toolchains ?? [nodeToolchain(), pythonToolchain()];
  }

  static async open(options: StageOptions = {}): Promise<VerifyStage> {
    const folder = await mkdtemp(join(tmpdir(), 'devfactory-verify-'));
    await chmod(folder, 0o711);
    return new VerifyStage(folder, options);
  }

  async close(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** Keeps a tree as a checkpoint. */
  async checkpoint(tree: Tree, id: string): Promise<Checkpoint> {
    const keeper = await this.keeper();
    try {
      return await keeper.keep(tree, id);
    } finally {
      await keeper.close();
    }
  }

  /** A workspace in which one tree after the other is kept as a checkpoint. */
  async keeper(): Promise<Keeper> {
    const name = `source-${randomBytes(6).toString('hex')}`;
    const workspace = await this.driver.open({ id: name, limits, egress: [] });
    return {
      keep: async (tree, id) => {
        await workspace.exec({ argv: ['find', '.', '-mindepth', '1', '-delete'], timeoutMs: 60_000 });
        await layDown(workspace, tree);
        return makeCheckpoint(
          { workspace, blobs: this.blobs },
          { id, label: id, reason: 'step', step: 1, previous: null },
        );
      },
      close: async () => {
        await workspace.close();
        await this.driver.remove(name);
      },
    };
  }

  /** Locks a question as check C-n of R-1. */
  async lock({ spec, intent = 'change', timeoutMs = 20_000 }: Question, number: number): Promise<Check> {
    const digest = await this.blobs.put(Buffer.from(canonicalJson(spec)));
    return {
      id: `C-${number}`,
      version: 1,
      requirementId: 'R-1',
      title: `Question ${number}`,
      intent,
      timeoutMs,
      kind: spec.kind,
      spec: digest,
    };
  }

  verify(request: {
    readonly checkpoint: Checkpoint;
    readonly checks: readonly Check[];
    readonly onBase?: boolean;
    readonly signal?: AbortSignal;
    readonly runId?: string;
    readonly plan?: readonly Check[];
  }): Verification {
    const { checkpoint, checks, onBase = false, signal = new AbortController().signal, runId = anyRun } = request;
    const deps = { driver: this.driver, blobs: this.blobs, toolchains: this.toolchains };
    const entries = checks.map((check) => ({ check, requirementVersion: 1 }));
    const plan = request.plan ?? checks;
    return verify(deps, { runId, verificationId: randomUUID(), checkpoint, onBase, checks: entries, plan }, signal);
  }

  /**
   * Everything a run would do to answer the questions about a tree: evidence on base and tree, and the status by the pure function.
   * Without a base (null) nothing can be proven; enough to see that something fails.
   */
  async ask(
    questions: readonly Question[],
    {
      tree,
      base = {},
      budgetMs = 60_000,
    }: { readonly tree: Tree; readonly base?: Tree | null; readonly budgetMs?: number },
  ): Promise<Answer> {
    const checks = await Promise.all(questions.map((question, index) => this.lock(question, index + 1)));
    const [before, after] = [await this.checkpoint(base ?? {}, 'ck-0'), await this.checkpoint(tree, 'ck-1')];
    // Of its own, so that questions may be asked side by side.
    const runId = `run_${randomBytes(10).toString('hex').slice(0, 16)}`;
    const baseEvidence =
      base === null ? [] : await collect(this.verify({ checkpoint: before, checks, onBase: true, runId }));
    const evidence = await collect(this.verify({ checkpoint: after, checks, runId }));
    const requirement = { id: 'R-1', version: 1, text: 'it works', priority: 'must', origin: 'person' } as const;
    const given = {
      requirement,
      checks,
      evidence: [...baseEvidence, ...evidence],
      tree: after.tree,
      baseTree: before.tree,
    };
    const candidate = requirementStatus({ ...given, mutations: [] }) === 'proven';
    const mutations = candidate ? await this.mutate({ base: before, checkpoint: after, checks, runId, budgetMs }) : [];
    await removeVerifierFolders(this.driver, runId);
    return { status: requirementStatus({ ...given, mutations }), evidence, base: baseEvidence, mutations };
  }

  /** As a run would after an earlier verification: what still fits is carried over, the rest is executed. */
  async verifyAgain(
    checkpoint: Checkpoint,
    checks: readonly Check[],
    {
      known,
      runId = anyRun,
      plan = checks,
    }: { readonly known: readonly Evidence[]; readonly runId?: string; readonly plan?: readonly Check[] },
  ): Promise<Evidence[]> {
    const deps = { driver: this.driver, blobs: this.blobs, toolchains: this.toolchains };
    const entries = checks.map((check) => ({ check, requirementVersion: 1 }));
    const request = { runId, verificationId: randomUUID(), checkpoint, onBase: false, checks: entries, plan };
    const carried = await carryOver(deps, request, { known });
    const done = new Set(carried.map(({ checkId }) => checkId));
    const rest = checks.filter(({ id }) => !done.has(id));
    const executed = rest.length === 0 ? [] : await collect(this.verify({ checkpoint, checks: rest, plan, runId }));
    return [...carried, ...executed].toSorted((a, b) => a.checkId.localeCompare(b.checkId, 'en', { numeric: true }));
  }

  /** What mutants say about the checks of changes. */
  async mutate(request: {
    readonly base: Checkpoint;
    readonly checkpoint: Checkpoint;
    readonly checks: readonly Check[];
    readonly budgetMs?: number;
    readonly runId?: string;
  }): Promise<Mutation[]> {
    const { base, checkpoint, checks, budgetMs = 60_000, runId = anyRun } = request;
    const deps = { driver: this.driver, blobs: this.blobs, toolchains: this.toolchains };
    const changes = checks.filter(({ intent }) => intent === 'change');
    const asked = { runId, id: randomUUID(), base, checkpoint, checks: changes, budgetMs, plan: checks };
    const mutations: Mutation[] = [];
    for await (const mutation of mutate(deps, asked, new AbortController().signal)) mutations.push(mutation);
    return mutations.toSorted((a, b) => a.checkId.localeCompare(b.checkId, 'en', { numeric: true }));
  }
}

/** All evidence, in the order of the checks. */
export async function collect(verification: Verification): Promise<Evidence[]> {
  const evidence: Evidence[] = [];
  for await (const item of verification) evidence.push(item);
  return evidence.toSorted((a, b) => a.checkId.localeCompare(b.checkId, 'en', { numeric: true }));
}
