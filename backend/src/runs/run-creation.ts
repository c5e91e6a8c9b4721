import {
  defaultAgent,
  type Actor,
  type CreateRun,
  type EventOf,
  type Fact,
  type HeldOutCheck,
  type NewEvent,
  type OutsideVoice,
} from '@devfactory/contracts';
import { acceptSource, type Machine, requireTools, sourcePlaces } from '@devfactory/engine';
import { DomainError, type Agent, type Exporter } from '@devfactory/kit';
import { checkpointOf } from '../checkpoints/checkpoint-of.ts';
import type { Readiness } from '../doctor/readiness.ts';
import type { Models } from '../models/models.ts';
import type { StorageMeter } from '../storage/storage-use.ts';
import type { Database, Sql } from '../store/database.ts';
import type { EventStore } from '../store/event-store.ts';
import type { UploadFiles } from '../uploads/upload-files.ts';
import { acceptDestinations } from './destinations.ts';
import { newRunId } from './run-id.ts';
import { nameOf } from './run-name.ts';
import type { RunStore } from './run.store.ts';

const promptHeadLength = 2000;

export interface RunCreationParts extends Machine {
  readonly database: Database;
  readonly events: EventStore;
  readonly runs: RunStore;
  readonly agents: ReadonlyMap<string, Agent>;
  readonly exporters: ReadonlyMap<string, Exporter>;
  readonly uploads: UploadFiles;
  readonly readiness: Readiness;
  readonly storage: { readonly meter: Pick<StorageMeter, 'requireRoom'> };
  readonly models: Models;
}

/** Where a run comes from, where nobody just asked for it here. */
export interface RunOrigin {
  /** Checks that come with it from another run, whose bodies are stored. */
  readonly heldOut?: readonly HeldOutCheck[];
  /** Who asked for it outside. */
  readonly from?: OutsideVoice;
  /** Within the transaction that begins it: what throws here keeps it from beginning. */
  readonly within?: (sql: Sql, runId: string) => Promise<void>;
}

/** Begins runs: everything that can be known to be wrong is refused before anything is written. */
export class RunCreation {
  readonly #parts: RunCreationParts;

  constructor(parts: RunCreationParts) {
    this.#parts = parts;
  }

  /** Throws what would be refused of such a run. */
  async accept(asked: CreateRun): Promise<void> {
    await this.#accept(await this.#settled(asked));
  }

  async create(asked: CreateRun, actor: Actor, origin: RunOrigin = {}): Promise<{ id: string; seq: number }> {
    const request = await this.#settled(asked);
    await this.#accept(request);
    const { blobs, database, events, runs } = this.#parts;
    // The body first: an event must never name a blob that is not there.
    const body = await blobs.put(new TextEncoder().encode(JSON.stringify(request)));
    const id = newRunId();
    return database.transaction(async (sql) => {
      const uploadId = request.source.kind === 'upload' ? request.source.uploadId : null;
      const forked = await this.#forked(sql, request.source);
      const first = firstEvents(request, { body, actor, forked, origin });
      const placed = await events.create(sql, { id, uploadId }, first);
      await runs.wake(sql, id);
      await origin.within?.(sql, id);
      return { id, seq: placed.length };
    });
  }

  /** Under the other run's lock: it cannot lose the checkpoint before this run's log names it. */
  async #forked(sql: Sql, source: CreateRun['source']): Promise<EventOf<'run.forked'> | null> {
    if (source.kind !== 'checkpoint') return null;
    const { events } = this.#parts;
    const state = await events.lockedState(sql, await events.lock(sql, source.runId));
    const checkpoint = checkpointOf(state, source.checkpointId);
    return { type: 'run.forked', data: { from: source.runId, name: state.name, checkpoint } };
  }

  /** The request with what it left to the factory: the agent, and the model for one that needs it. */
  async #settled(request: CreateRun): Promise<CreateRun> {
    const { agents, models } = this.#parts;
    const model = request.model ?? (await models.catalogue.defaultModel());
    if (request.checksModel !== undefined) await models.catalogue.require(request.checksModel);
    const agent = request.agent === defaultAgent ? (model === null ? 'blueprint' : 'builtin') : request.agent;
    if (!agents.get(agent)?.needsModel) return { ...request, agent };
    if (model === null) {
      throw new DomainError('model_missing', 'invalid', {
        message: `Agent '${agent}' needs a model: name one (PROVIDER/MODEL), or choose a default in the settings.`,
      });
    }
    await models.catalogue.require(model);
    return { ...request, agent, model };
  }

  async #accept(request: CreateRun): Promise<void> {
    const { agents, exporters, readiness } = this.#parts;
    const agent = agents.get(request.agent);
    if (!agent) {
      throw new DomainError('unknown_agent', 'invalid', {
        message: `There is no agent '${request.agent}'; known are ${[...agents.keys()].join(', ')}.`,
      });
    }
    if (request.model !== undefined && !agent.needsModel) {
      throw new DomainError('model_not_taken', 'invalid', {
        message: `Agent '${agent.id}' works without a model; leave the model '${request.model}' out, or choose an agent that takes one.`,
      });
    }
    agent.accept(request);
    acceptDestinations(exporters, request.destinations);
    await this.#acceptSource(request.source);
    await this.#parts.storage.meter.requireRoom();
    await readiness.require();
    await this.#requireTools(request.source);
  }

  /** Of other sources the tree is known once it is imported: the engine asks then, before the agent's first turn. */
  async #requireTools(source: CreateRun['source']): Promise<void> {
    if (source.kind !== 'checkpoint') return;
    const checkpoint = checkpointOf(await this.#parts.events.state(source.runId), source.checkpointId);
    await requireTools(this.#parts, { checkpoint, checks: [] });
  }

  async #acceptSource(source: CreateRun['source']): Promise<void> {
    acceptSource(source, sourcePlaces(this.#parts));
    switch (source.kind) {
      case 'empty':
      case 'git':
        return;
      case 'upload':
        await this.#parts.uploads.open(source.uploadId);
        return;
      case 'checkpoint':
        checkpointOf(await this.#parts.events.state(source.runId), source.checkpointId);
    }
  }
}

function firstEvents(
  request: CreateRun,
  {
    body,
    actor,
    forked,
    origin: { heldOut = [], from },
  }: {
    readonly body: string;
    readonly actor: Actor;
    readonly forked: Fact | null;
    readonly origin: RunOrigin;
  },
): NewEvent[] {
  const { prompt, requirements, agentOptions: _agentOptions, ...rest } = request;
  const promptHead = prompt.slice(0, promptHeadLength).toWellFormed();
  return [
    {
      type: 'run.created',
      actor,
      data: { name: nameOf(prompt), request: rest, body, promptHead, ...(from ? { from } : {}) },
    },
    ...(forked ? [{ ...forked, actor }] : []),
    ...requirements.map(({ text, priority }, index): NewEvent => ({
      type: 'requirement.added',
      actor,
      data: { requirement: { id: `R-${index + 1}`, version: 1, text, priority, origin: 'person' } },
    })),
    ...heldOut.map((data): NewEvent => ({ type: 'check.held-out', actor, data })),
  ];
}
