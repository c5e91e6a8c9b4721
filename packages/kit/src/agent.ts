import type {
  AgentTrial,
  CreateRun,
  EditRecord,
  FeedbackRecord,
  RunState,
  ToolCall,
  ToolResult,
  Usage,
  WireFormat,
} from '@devfactory/contracts';
import type { DomainError } from './error.ts';
import type { Guidance } from './guidance.ts';
import type { StepModel } from './model.ts';
import type { Workspace } from './workspace.ts';

/** A step as it was, with whole inputs and answers. */
export interface PastStep {
  readonly step: number;
  readonly turn: number;
  readonly text: string;
  readonly calls: readonly ToolCall[];
  /** By call id. */
  readonly results: Readonly<Record<string, ToolResult>>;
  /** What the agent kept with its answer, for itself; null when nothing. */
  readonly memo: unknown;
}

/** All an agent knows when it is asked for its next step. */
export interface StepInput {
  readonly state: RunState;
  readonly request: CreateRun;
  readonly purpose: 'plan' | 'work' | 'repair';
  readonly turn: number;
  /** Steps of the whole run so far, oldest first. */
  readonly history: readonly PastStep[];
  /** Feedback delivered with this step, oldest first. */
  readonly feedback: readonly FeedbackRecord[];
  /** What people changed in the workspace themselves since the step before, oldest first; left out: nothing. */
  readonly edits?: readonly EditRecord[];
  /** What people want followed beside the task; left out: nothing. */
  readonly guidance?: Guidance;
  /** The run's model, for agents that need one; null for others. */
  readonly model: StepModel | null;
  /** Where the agent's own processes reach the run's model, for agents with `modelInSandbox`; null for others. */
  readonly models?: SandboxModels | null;
  /** The run's workspace, opened when it is not, with the agent's program in it; for agents that have one. */
  readonly workspace?: () => Promise<Workspace>;
}

/** What an agent needs in the sandbox: a package of npm, installed without its scripts and seen there, read-only, at `/mnt/agent/node_modules`. */
export interface AgentProgram {
  readonly package: string;
  /** Exactly this one. */
  readonly version: string;
  /** What has to run once, beside `node_modules`, where the package cannot do without; in a sandbox like everything else. */
  readonly setup?: readonly string[];
}

/** What a process in the sandbox needs to ask the run's model. Good for as long as this step goes on. */
export interface SandboxModels {
  /** Without a path: `/v1` speaks Chat Completions, Responses and Messages, `/v1beta` Google's generateContent. */
  readonly url: string;
  /** In the place of a key. */
  readonly token: string;
  readonly ref: string;
  readonly contextTokens: number;
  readonly outputTokens: number;
  /** Why a request of this step was refused for good (the budget, the key, the model): what the agent should fail with. Null: none was. */
  refused(): DomainError | null;
}

/** Where an agent is tried out: a sandbox like a run's. Its model answers nobody. */
export interface AgentTrialPlace {
  readonly workspace: Workspace;
  readonly models: SandboxModels;
}

/** What the agent wants next. No calls, or a `finish` call, ends the turn. */
export interface StepOutput {
  readonly text: string;
  readonly calls: readonly ToolCall[];
  readonly usage: Usage;
  /** JSON of the agent's own that it gets back with this step's past; stored beside the answer. */
  readonly memo?: unknown;
  /** True: the turn goes on although nothing was called. */
  readonly goesOn?: boolean;
  /** Older steps were left out of what the model is shown. */
  readonly compacted?: { readonly reason: string; readonly keptFrom: number; readonly tokens: number };
}

/**
 * Turns a task into tool calls. Stateless between steps: everything comes in with StepInput, so any worker can go on after a crash.
 * `step` may throw DomainError: the turn then fails with its message. It must return soon after `signal` aborts.
 */
export interface Agent {
  readonly id: string;
  readonly title: string;
  /** For people: what it is, honestly. */
  readonly note: string;
  readonly needsModel: boolean;
  /**
   * True: its processes in the sandbox ask the model, by `StepInput.models`; `StepInput.model` is null then. What they do with tools of
   * their own it tells as calls of `own_tool`, which are written down and not executed.
   */
  readonly modelInSandbox?: boolean;
  /** What those processes speak with the model, for people. */
  readonly wire?: WireFormat;
  /** What it starts there, where that is not on every machine. */
  readonly program?: AgentProgram;
  /** Throws DomainError before a run is created when it could not take this request. */
  accept(request: CreateRun): void;
  /** Starts its program and greets it, for people who want to know whether it works; for agents that have one. May be called at any time. */
  tryOut?(place: AgentTrialPlace, signal: AbortSignal): Promise<AgentTrial>;
  step(input: StepInput, signal: AbortSignal): Promise<StepOutput>;
}
