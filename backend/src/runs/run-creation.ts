import type { Actor, CreateRun, NewEvent } from '@devfactory/contracts';
import { acceptSource } from '@devfactory/engine';
import { DomainError, type Agent, type BlobStore, type Exporter } from '@devfactory/kit';
import type { Readiness } from '../doctor/readiness.ts';
import type { Database } from '../store/database.ts';
import type { EventStore } from '../store/event-store.ts';
import type { UploadFiles } from '../uploads/upload-files.ts';
import { acceptDestinations } from './destinations.ts';
import { newRunId } from './run-id.ts';
import { nameOf } from './run-name.ts';
import type { RunStore } from './run.store.ts';

const promptHeadLength = 2000;

export interface RunCreationParts {
  readonly database: Database;
  readonly events: EventStore;
  readonly runs: RunStore;
  readonly blobs: BlobStore;
  readonly agents: ReadonlyMap<string, Agent>;
  readonly exporters: ReadonlyMap<string, Exporter>;
  readonly uploads: UploadFiles;
  readonly readiness: Readiness;
}

/** Begins runs: everything that can be known to be wrong is refused before anything is written. */
export class RunCreation {
  readonly #parts: RunCreationParts;

  constructor(parts: RunCreationParts) {
    this.#parts = parts;
  }

  async create(request: CreateRun, actor: Actor): Promise<{ id: string; seq: number }> {
    await this.#accept(request);
    const { blobs, database, events, runs } = this.#parts;
    // The body first: an event must never name a blob that is not there.
    const body = await blobs.put(new TextEncoder().encode(JSON.stringify(request)));
    const id = newRunId();
    return database.transaction(async (sql) => {
      const uploadId = request.source.kind === 'upload' ? request.source.uploadId : null;
      const placed = await events.create(sql, { id, uploadId }, firstEvents(request, { body, actor }));
      await runs.wake(sql, id);
      return { id, seq: placed.length };
    });
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
    await readiness.require();
  }

  async #acceptSource(source: CreateRun['source']): Promise<void> {
    acceptSource(source);
    switch (source.kind) {
      case 'empty':
      case 'git':
        return;
      case 'upload':
        await this.#parts.uploads.open(source.uploadId);
        return;
      case 'checkpoint': {
        const state = await this.#parts.events.state(source.runId);
        if (state.checkpoints.some((item) => item.id === source.checkpointId)) return;
        throw new DomainError('unknown_checkpoint', 'invalid', {
          message: `Run ${source.runId} has no checkpoint ${source.checkpointId}.`,
        });
      }
    }
  }
}

function firstEvents(
  request: CreateRun,
  { body, actor }: { readonly body: string; readonly actor: Actor },
): NewEvent[] {
  const { prompt, requirements, agentOptions: _agentOptions, ...rest } = request;
  const promptHead = prompt.slice(0, promptHeadLength).toWellFormed();
  return [
    { type: 'run.created', actor, data: { name: nameOf(prompt), request: rest, body, promptHead } },
    ...requirements.map(({ text, priority }, index): NewEvent => ({
      type: 'requirement.added',
      actor,
      data: { requirement: { id: `R-${index + 1}`, version: 1, text, priority, origin: 'person' } },
    })),
  ];
}
