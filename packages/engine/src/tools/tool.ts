import { createHash } from 'node:crypto';
import type { CreateRun, Fact, RunState, toolInputs, ToolName, ToolResult } from '@devfactory/contracts';
import type { Agent, BackgroundProcess, BlobStore, Workspace } from '@devfactory/kit';
import type { z } from 'zod';
import type { LiveServers } from '../servers/index.ts';
import type { ServiceView } from '../services/live-services.ts';

export type InputOf<T extends ToolName> = z.infer<(typeof toolInputs)[T]>;

/** What tools may know and use of the run that they work for. */
interface ToolSession {
  readonly state: RunState;
  readonly request: CreateRun;
  readonly agent: Pick<Agent, 'id' | 'modelInSandbox'>;
  readonly deps: { readonly blobs: BlobStore };
  readonly limits: { readonly shellTimeoutMs: number; readonly docsHosts: readonly string[] };
  /** A signal that comes when the run is cancelled or belongs to another worker; `end` stops listening. */
  readonly journal: { cancelled(): { readonly signal: AbortSignal; end(): void } };
  /** Processes that calls left running, by the id they were told; they end with the workspace. */
  readonly servers: Pick<LiveServers, 'call'>;
  readonly processes: Map<string, BackgroundProcess>;
  /** The open workspace; opened (again) when it is not there. */
  workspace(): Promise<Workspace>;
  /** Its test services, started where devfactory.json asks for them. */
  services(workspace: Workspace): Promise<ServiceView>;
}

export interface ToolContext {
  readonly session: ToolSession;
  readonly step: number;
  readonly purpose: 'plan' | 'work' | 'repair';
}

/** What a tool did: the answer for the agent, and facts that are committed together with it. */
export interface ToolOutcome {
  readonly result: ToolResult;
  readonly facts: readonly Fact[];
}

export interface Tool<T extends ToolName> {
  /** True when it may leave other files behind: a checkpoint follows. */
  readonly changesFiles: boolean;
  /**
   * True when a second execution leaves what one would have left: it only looks, writes a file as a whole, or its facts are committed
   * together with its end.
   */
  readonly repeatable: boolean;
  /** The call in a few words, for people. */
  readonly title: (input: InputOf<T>) => string;
  readonly run: (context: ToolContext, input: InputOf<T>) => Promise<ToolOutcome>;
}

export function ok(text: string, facts: readonly Fact[] = []): ToolOutcome {
  return { result: { outcome: 'ok', text, exitCode: null }, facts };
}

/** The answer of a tool that showed or left a file: what it holds now is what the agent knows of it. */
export function okFile(text: string, file: { readonly path: string; readonly bytes: Uint8Array }): ToolOutcome {
  const digest = digestOf(file.bytes);
  return { result: { outcome: 'ok', text, exitCode: null, files: [{ path: file.path, digest }] }, facts: [] };
}

export function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export function failed(text: string): ToolOutcome {
  return { result: { outcome: 'error', text, exitCode: null }, facts: [] };
}
