import { CreateRun, type Checkpoint, type Fact, type RunState } from '@devfactory/contracts';
import {
  DomainError,
  type Agent,
  type BackgroundProcess,
  type Lease,
  type ModelDoor,
  type OpenModel,
  type SandboxModels,
  type Workspace,
} from '@devfactory/kit';
import { restoreCheckpoint } from '../checkpoints/index.ts';
import { defaultLimits, type EngineDeps, type EngineLimits } from '../deps.ts';
import { egressFact, EgressSums } from '../egress-sums.ts';
import { MeteredModel, SandboxModel } from '../model/index.ts';
import { installProgram } from '../programs/index.ts';
import { LiveServers } from '../servers/index.ts';
import { LiveServices, type ServiceView } from '../services/live-services.ts';
import { egressFor, sourcePlaces } from '../source/index.ts';
import { History } from './history.ts';
import { Journal } from './journal.ts';
import { runWorkspace, runWorkspaceId } from './run-workspace.ts';

export const factory = { kind: 'factory' } as const;

/** One worker's hold on a run: its journal, and its workspace once something needs it. */
export class RunSession {
  readonly deps: EngineDeps;
  readonly limits: EngineLimits;
  readonly journal: Journal;
  readonly agent: Agent;
  readonly request: CreateRun;
  readonly history: History;
  readonly servers: LiveServers;
  readonly processes = new Map<string, BackgroundProcess>();
  /** The model as processes in the sandbox ask it; they can while a step goes on. */
  readonly sandboxModel = new SandboxModel({
    state: () => this.state,
    open: (step) => this.#metered(step),
    commit: (model) => this.journal.append(factory, ...model.takeFacts()),
  });
  readonly #services = new LiveServices();
  #workspace: Workspace | null = null;
  #gone: string | null = null;
  #told = false;
  #door: ModelDoor | null = null;
  #opening: { readonly ref: string; readonly model: Promise<OpenModel> } | null = null;

  private constructor(deps: EngineDeps, journal: Journal, request: CreateRun) {
    this.deps = deps;
    this.limits = { ...defaultLimits, ...deps.limits };
    this.servers = new LiveServers({ startMs: this.limits.serverStartMs, callMs: this.limits.serverCallMs });
    this.journal = journal;
    this.request = request;
    this.history = new History(deps.blobs);
    const agent = deps.agents.get(request.agent);
    if (!agent) {
      const known = [...deps.agents.keys()].join(', ');
      throw new DomainError('agent_missing', 'unavailable', {
        message: `Agent ${request.agent} is not installed here; known are ${known}. Install it, then resume the run.`,
      });
    }
    this.agent = agent;
  }

  static async open(deps: EngineDeps, lease: Lease): Promise<RunSession> {
    const journal = await Journal.open(deps.log, lease);
    const body = new TextDecoder().decode(await deps.blobs.get(journal.state.body));
    return new RunSession(deps, journal, CreateRun.parse(JSON.parse(body)));
  }

  get state(): RunState {
    return this.journal.state;
  }

  get workspaceId(): string {
    return runWorkspaceId(this.state.id);
  }

  /** Looks up how the run's model is reached, while something else is under way. What goes wrong is for whoever asks for it. */
  prepareModel(): void {
    const ref = this.state.model;
    if (ref === null || !this.deps.models || !this.agent.needsModel || this.agent.modelInSandbox) return;
    const model = this.deps.models.open(ref);
    model.catch(() => undefined);
    this.#opening = { ref, model };
  }

  /** The run's model for one step, metered; null for agents that need none. Throws DomainError model_missing and what opening throws. */
  async model(step: number): Promise<MeteredModel | null> {
    return this.agent.needsModel && !this.agent.modelInSandbox ? this.#metered(step) : null;
  }

  /** What the agent's own processes need to ask the model, for agents that have such; opens the workspace. */
  async modelsInSandbox(): Promise<SandboxModels | null> {
    if (!this.agent.modelInSandbox) return null;
    const { modelsUrl } = await this.workspace();
    if (!this.#door || modelsUrl === undefined) {
      throw new DomainError('models_unreachable', 'unavailable', {
        message: `Agent ${this.agent.id} asks its model from the sandbox, which this installation's ${this.deps.driver.id} does not let it do.`,
      });
    }
    const { ref, contextTokens, outputTokens } = await this.#metered(this.state.steps.at(-1)?.step ?? 0);
    const refused = (): DomainError | null => this.sandboxModel.refused();
    return { url: modelsUrl, token: this.#door.token, ref, contextTokens, outputTokens, refused };
  }

  async #metered(step: number): Promise<MeteredModel> {
    const ref = this.state.model;
    const { models, spending = null, tellWords } = this.deps;
    if (ref === null || !models) {
      throw new DomainError('model_missing', 'invalid', {
        message: `Agent ${this.agent.id} needs a model and run ${this.state.id} has none; choose one, then resume.`,
      });
    }
    const opening = this.#opening;
    this.#opening = null;
    return new MeteredModel({
      step,
      model: await (opening?.ref === ref ? opening.model : models.open(ref)),
      limits: this.limits.model,
      spending,
      runId: this.state.id,
      state: () => this.state,
      ...(tellWords ? { tell: (words) => tellWords(this.state.id, words) } : {}),
      append: (...facts) => this.journal.append(factory, ...facts),
    });
  }

  checkpoint(id: string): Checkpoint {
    const checkpoint = this.state.checkpoints.find((item) => item.id === id);
    if (!checkpoint)
      throw new DomainError('unknown_checkpoint', 'not-found', {
        message: `Run ${this.state.id} has no checkpoint ${id}.`,
      });
    return checkpoint;
  }

  /** The open workspace; opened (again) when it is not there. Files that are gone from this machine come back from the head checkpoint. */
  async workspace(): Promise<Workspace> {
    if (this.#workspace && this.#gone === null) return this.#workspace;
    const lost = await this.#takeLost();
    const prepared = this.state.checkpoints.length > 0;
    this.#door?.close();
    this.#door = this.agent.modelInSandbox ? (this.deps.modelProxy?.open(this.sandboxModel) ?? null) : null;
    const door = this.#door;
    await this.#installProgram();
    const spec = await runWorkspace(this.deps, this.state);
    const workspace = await this.deps.driver.open({
      ...spec,
      ...(door ? { models: (connection) => door.accept(connection) } : {}),
      egress: [...spec.egress, ...(prepared ? [] : egressFor(this.request.source, sourcePlaces(this.deps)))],
    });
    this.#workspace = workspace;
    this.processes.clear();
    this.#gone = null;
    this.#told = false;
    void workspace.gone.then((sentence) => {
      if (this.#workspace === workspace) this.#gone = sentence;
    });
    if (lost) await this.#fill(workspace, lost);
    await this.journal.append(factory, {
      type: 'workspace.opened',
      data: { driver: this.deps.driver.id, notEnforced: [...workspace.notEnforced] },
    });
    return workspace;
  }

  /** Fetches the agent's own program at its first use. */
  async #installProgram(): Promise<void> {
    const { program } = this.agent;
    if (!program) return;
    const { driver, toolchains } = this.deps;
    const { signal, end } = this.journal.cancelled();
    try {
      await installProgram(program, {
        driver,
        limits: this.limits.workspace,
        egress: toolchains.flatMap((toolchain) => toolchain.registryHosts),
        tell: (fact) => this.journal.append(factory, fact),
        signal,
      });
    } finally {
      end();
    }
  }

  /** Looks what the next command needs, if the workspace is open. */
  prepareCommand(): void {
    if (this.#workspace && this.#gone === null) this.#services.look(this.#workspace);
  }

  /** The workspace's test services, running as devfactory.json asks for them now. */
  services(workspace: Workspace): Promise<ServiceView> {
    return this.#services.view(workspace);
  }

  /**
   * Checkpoint to fill the workspace from when its files are not here. Written down before the first file is, so that a worker
   * that dies half way through leaves nothing that the next one takes for whole.
   */
  async #takeLost(): Promise<string | null> {
    const { head, rebuilding } = this.state;
    const known = (await this.deps.driver.list()).includes(this.workspaceId);
    if (!head || (known && rebuilding === null)) return null;
    if (known) await this.deps.driver.remove(this.workspaceId);
    if (rebuilding !== head)
      await this.journal.append(factory, { type: 'workspace.lost', data: { checkpointId: head } });
    return head;
  }

  async #fill(workspace: Workspace, lost: string): Promise<void> {
    const { coEditing, blobs } = this.deps;
    await coEditing?.settle(workspace.id, null, 'changes');
    try {
      await restoreCheckpoint({ workspace, blobs }, { target: this.checkpoint(lost), before: null });
    } finally {
      await coEditing?.changed(workspace.id, null);
    }
  }

  /** Why the sandbox ended by itself, once; null when it did not or when it was told before. */
  takeGone(): string | null {
    if (this.#told) return null;
    this.#told = this.#gone !== null;
    return this.#gone;
  }

  /** What the egress proxy decided since the last time. */
  takeEgress(): readonly Fact[] {
    const fact = egressFact(new EgressSums().add(this.#workspace?.egressDecisions() ?? []).all());
    return fact ? [fact] : [];
  }

  async closeWorkspace(): Promise<void> {
    const workspace = this.#workspace;
    this.#workspace = null;
    this.#gone = null;
    this.#door?.close();
    this.#door = null;
    await workspace?.close();
  }
}
