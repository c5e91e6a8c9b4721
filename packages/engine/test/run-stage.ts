import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  canonicalJson,
  CreateRun,
  noUsage,
  type CreateRunInput,
  type DeliveryProgress,
  type RunCommand,
  type RunState,
  type ToolCall,
} from '@devfactory/contracts';
import {
  DomainError,
  type Agent,
  type ArrivedEntry,
  type BlobStore,
  type Exporter,
  type ExportRequest,
  type Lease,
  type SourceTree,
  type StepInput,
  type Workspace,
  type WorkspaceDriver,
} from '@devfactory/kit';
import { createMemoryBlobStore, testFolder } from '@devfactory/kit/testing';
import { runId } from './facts.ts';
import { openFolderWorkspace } from './folder-workspace.ts';
import { MemoryRunLog } from './memory-run-log.ts';
import { commanded, type Words } from './person.ts';

/** The parts of the engine that a stage is played with. */
export interface StageEngine extends Words {
  readonly advanceRun: (deps: StageDeps, lease: Lease) => Promise<'waiting' | 'ended'>;
}

interface StageDeps {
  readonly log: MemoryRunLog;
  readonly blobs: BlobStore;
  readonly driver: WorkspaceDriver;
  readonly agents: ReadonlyMap<string, Agent>;
  readonly toolchains: readonly [];
  readonly exporters: ReadonlyMap<string, Exporter>;
  readonly uploads: { open(uploadId: string): Promise<{ readonly path: string }> };
  readonly arrivals: string;
  readonly tellProgress: (runId: string, progress: DeliveryProgress) => void;
  readonly limits: { readonly agentGraceMs: number; readonly stepsPerTurn: number };
}

type Calls = readonly { readonly tool: string; readonly input: unknown }[];
export type Play = (input: StepInput, signal: AbortSignal) => Calls | Promise<Calls>;

/** A file check's plan: `R-1` wants file `name`. */
export const wants = (name: string, id?: string): object => ({
  ...(id ? { id } : {}),
  text: `there is ${name}`,
  checks: [{ title: name, spec: { kind: 'file', path: name, includes: ['x'] } }],
});
export const propose = (...requirements: readonly object[]): Calls[number] => ({
  tool: 'propose_requirements',
  input: { requirements },
});
export const write = (path: string, content = 'x'): Calls[number] => ({ tool: 'write', input: { path, content } });
export const shell = (command: string): Calls[number] => ({ tool: 'shell', input: { command } });
export const finish: Calls[number] = { tool: 'finish', input: { summary: 'done' } };
export const ask: Calls[number] = { tool: 'ask', input: { question: 'Which?' } };

/** A whole run on folders and memory: the real engine with a played agent and an exporter that remembers. */
export class RunStage {
  readonly directory = testFolder('df-run-');
  readonly log = new MemoryRunLog(runId);
  blobs: BlobStore = createMemoryBlobStore();
  /** Tree hashes that were delivered. */
  readonly delivered: string[] = [];
  /** What was told of deliveries while they went on. */
  readonly progress: DeliveryProgress[] = [];
  deliver: (request: ExportRequest, signal: AbortSignal) => Promise<void> = async () => {};
  /** What the destination holds of what was delivered last. */
  arrived: (tree: SourceTree) => AsyncIterable<ArrivedEntry> = entriesOf;
  /** The base that went on, merged with what was delivered; none when left out. */
  merge: Exporter['merge'] = undefined;
  play: Play;
  /** Stands between the run and each workspace that is opened. */
  opened: (workspace: Workspace) => Workspace = (workspace) => workspace;
  #last: SourceTree | null = null;
  readonly limits = { agentGraceMs: 20, stepsPerTurn: 5 };

  readonly #engine: StageEngine;

  constructor(engine: StageEngine, play: Play) {
    this.#engine = engine;
    this.play = play;
  }

  get state(): RunState {
    return this.log.state;
  }

  get #arrivals(): string {
    return `${this.directory}-arrivals`;
  }

  get workspace(): string {
    return join(this.directory, runId.replace('_', '-'));
  }

  async begin(request: Partial<CreateRunInput> = {}): Promise<this> {
    const whole = CreateRun.parse({
      prompt: 'a run',
      agent: 'played',
      autonomy: 'auto',
      destinations: [{ kind: 'zip' }],
      ...request,
    });
    const body = await this.blobs.put(new TextEncoder().encode(JSON.stringify(whole)));
    const { prompt, requirements: _requirements, agentOptions: _options, ...rest } = whole;
    this.log.say([
      {
        type: 'run.created',
        actor: { kind: 'person', name: 'Ada' },
        data: { name: 'run', request: rest, body, promptHead: prompt },
      },
    ]);
    return this;
  }

  /** As a new worker. */
  advance(signal?: AbortSignal): Promise<'waiting' | 'ended'> {
    return this.#engine.advanceRun(this.#deps(), this.log.lease(signal));
  }

  /** As a worker that dies as soon as `beforeAppend` says so; resolves when it ended or died. */
  async advanceOrDie(fate: (append: number) => 'die' | 'die-after' | undefined): Promise<'ended' | 'died'> {
    let append = 0;
    const died = new Promise<'died'>((resolve) => {
      this.log.beforeAppend = () => {
        const end = fate(++append);
        if (end) setImmediate(resolve, 'died');
        return end;
      };
    });
    const outcome = await Promise.race([this.advance().then(() => 'ended' as const), died]);
    this.log.beforeAppend = () => undefined;
    return outcome;
  }

  /** Null, or the code of the refusal. */
  say(command: RunCommand): string | null {
    if (command.do === 'hold-out-check') void this.blobs.put(Buffer.from(canonicalJson(command.check.spec)));
    const events = commanded(this.state, command, this.#engine);
    if (typeof events === 'string') return events;
    this.log.say(events);
    return null;
  }

  read(path: string): string {
    return readFileSync(join(this.workspace, path), 'utf8');
  }

  /** Writes into the workspace as a person would, beside the agent. */
  overwrite(path: string, content: string): void {
    writeFileSync(join(this.workspace, path), content);
  }

  /** Takes a file away behind the run's back. */
  damage(path: string): void {
    rmSync(join(this.workspace, path));
  }

  /** On another machine: the log and the blobs are there, the files are not. */
  reopen(): void {
    mkdirSync(this.directory);
  }

  /** As a process that has read nothing from the store yet. */
  forgetBlobs(): void {
    this.blobs = Object.create(this.blobs) as BlobStore;
  }

  dispose(): void {
    rmSync(this.directory, { recursive: true, force: true });
    rmSync(this.#arrivals, { recursive: true, force: true });
  }

  #deps(): StageDeps {
    return {
      log: this.log,
      blobs: this.blobs,
      driver: folderDriver(this.directory, (workspace) => this.opened(workspace)),
      agents: new Map([['played', played((input, signal) => this.play(input, signal))]]),
      toolchains: [],
      exporters: new Map(['zip', 'github'].map((id) => [id, this.#exporter(id)])),
      uploads: { open: async () => ({ path: '' }) },
      arrivals: this.#arrivals,
      tellProgress: (_, progress) => this.progress.push(progress),
      limits: this.limits,
    };
  }

  #exporter(id: string): Exporter {
    return {
      id,
      title: id,
      setUp: () => ({ ready: true, place: '', why: '' }),
      probe: async () => 'Played.',
      accept: () => {},
      deliver: (request, signal) => this.#export(request, signal),
      arrived: () => this.arrived(this.#last ?? nothing),
      ...(this.merge ? { merge: this.merge } : {}),
    };
  }

  async #export(request: ExportRequest, signal: AbortSignal) {
    await this.deliver(request, signal);
    this.delivered.push(request.tree.hash);
    this.#last = request.tree;
    return { location: 'here', files: [], leftOut: [] };
  }
}

const nothing: SourceTree = {
  hash: '',
  entries: [],
  read: () => {
    throw new Error('nothing was delivered');
  },
};

async function* entriesOf(tree: SourceTree): AsyncIterable<ArrivedEntry> {
  for (const entry of tree.entries) {
    if (entry.type === 'symlink') yield entry;
    if (entry.type === 'file')
      yield { type: 'file', path: entry.path, executable: (entry.mode & 0o100) !== 0, bytes: tree.read(entry) };
  }
}

function played(play: Play): Agent {
  return {
    id: 'played',
    title: 'Played',
    note: 'does what a test says',
    needsModel: false,
    accept: () => {},
    step: async (input, signal) => {
      const calls = await play(input, signal);
      return {
        text: 'I say I am done',
        calls: calls.map((call, index) => ({ id: `${index}`, ...call }) as ToolCall),
        usage: noUsage,
      };
    },
  };
}

/** With the port's word for a file that is not there. */
function withMissing(workspace: Workspace): Workspace {
  const read: Workspace['files']['read'] = async (path) => {
    try {
      return await workspace.files.read(path);
    } catch (cause) {
      throw new DomainError('file_missing', 'not-found', { message: `There is no file ${path}.`, cause });
    }
  };
  return { ...workspace, files: { ...workspace.files, read } };
}

/** Folders of a folder, each with real processes and no wall. */
export function folderDriver(
  directory: string,
  opened: (workspace: Workspace) => Workspace = (workspace) => workspace,
): WorkspaceDriver {
  return {
    id: 'folder',
    probe: async () => ({ usable: true, found: 'a folder', fix: '', notEnforced: [] }),
    open: async ({ id }) => {
      mkdirSync(join(directory, id), { recursive: true });
      return opened(withMissing(openFolderWorkspace(join(directory, id), id)));
    },
    remove: async (id) => rmSync(join(directory, id), { recursive: true, force: true }),
    list: async () => readdirSync(directory),
  };
}
