import {
  canonicalJson,
  commandEvents,
  refuseCommand,
  type Actor,
  type Destination,
  type RunCommand,
} from '@devfactory/contracts';
import { type Machine, planApproved, requireTools, specDigest } from '@devfactory/engine';
import { DomainError, type Exporter } from '@devfactory/kit';
import type { GuidanceSettings } from '../guidance/guidance-settings.ts';
import type { ModelCatalogue } from '../models/model-catalogue.ts';
import type { Database } from '../store/database.ts';
import type { EventStore } from '../store/event-store.ts';
import { acceptDestinations } from './destinations.ts';
import type { RunStore } from './run.store.ts';

export interface RunCommandsParts extends Machine {
  readonly database: Database;
  readonly events: EventStore;
  readonly runs: RunStore;
  readonly exporters: ReadonlyMap<string, Exporter>;
  readonly models: ModelCatalogue;
  readonly guidance: GuidanceSettings;
}

/** What a person says to a run: judged and written under the run's lock, so two people cannot both be first. */
export class RunCommands {
  readonly #parts: RunCommandsParts;

  constructor(parts: RunCommandsParts) {
    this.#parts = parts;
  }

  /**
   * The seq of the last event it became. Throws DomainError: with the rule's code (conflict) when it cannot be taken now, tools_missing
   * when a plan needs what this machine lacks.
   */
  async take(runId: string, command: RunCommand, actor: Actor): Promise<{ seq: number }> {
    const { database, events, runs, exporters, models } = this.#parts;
    acceptDestinations(exporters, destinationsOf(command));
    if (command.do === 'choose-model') await models.require(command.model);
    // The body first: an event must never name a blob that is not there.
    if (command.do === 'hold-out-check')
      await this.#parts.blobs.put(new TextEncoder().encode(canonicalJson(command.check.spec)));
    if (command.do === 'approve-plan') await this.#requireTools(runId, command);
    const trust = command.do === 'trust-guidance' || command.do === 'distrust-guidance' ? command : null;
    const project = trust ? await this.#parts.guidance.projectOf(runId) : '';
    return database.transaction(async (sql) => {
      const run = await events.lock(sql, runId);
      const state = await events.lockedState(sql, run);
      const refusal = refuseCommand(state, command);
      if (refusal) throw new DomainError(refusal.code, 'conflict', { message: refusal.message });
      const placed = await events.append(sql, run, {
        events: commandEvents(state, command, { actor, planApproved, specDigest }),
      });
      if (trust) await this.#parts.guidance.keepTrust(sql, project, { ...trust, actor });
      await runs.wake(sql, runId);
      return { seq: placed.at(-1)?.seq ?? run.seq };
    });
  }

  /** Not under the run's lock, as a sandbox takes its time. A command that is refused anyway is refused for its own reason. */
  async #requireTools(runId: string, command: RunCommand): Promise<void> {
    const state = await this.#parts.events.state(runId);
    if (refuseCommand(state, command) !== null) return;
    const checkpoint = state.checkpoints.find(({ id }) => id === state.head) ?? null;
    await requireTools(this.#parts, { checkpoint, checks: state.checks });
  }
}

function destinationsOf(command: RunCommand): readonly Destination[] {
  if (command.do === 'export') return [command.destination];
  return command.do === 'approve-result' ? command.destinations : [];
}
