import { CreateRun, intakeRequest, type Actor, type Intake, type IntakeList } from '@devfactory/contracts';
import { DomainError, type AskPlace, type Exporter, type RunAsk } from '@devfactory/kit';
import type { RunCreation } from '../runs/run-creation.ts';
import type { Log } from '../server/log.ts';
import type { DueAnswer, IntakeStore, OpenIntake } from './intake.store.ts';

export interface IntakeParts {
  readonly store: IntakeStore;
  readonly creation: Pick<RunCreation, 'create' | 'accept'>;
  readonly exporters: ReadonlyMap<string, Exporter>;
  readonly log: Log;
  /** Where people open this server's console, as they told it; null: answers name the run alone. */
  readonly consoleUrl: string | null;
}

const askMs = 120_000;
/** A forge's clock is not ours, and what it lists may be late: looked at again, and taken once all the same. */
const overlapMs = 10 * 60_000;

/** Begins runs for what is asked for at repositories where a person switched that on: each ask once, whatever tells of it. */
export class Intakes {
  readonly #parts: IntakeParts;

  constructor(parts: IntakeParts) {
    this.#parts = parts;
  }

  list(): Promise<IntakeList> {
    return this.#parts.store.list();
  }

  /** Throws intakes_off, and what would be refused of the runs that it begins. */
  async switchOn(intake: Intake, actor: Actor): Promise<IntakeList> {
    const { store, creation } = this.#parts;
    await creation.accept(requestOf(intake, this.#place(), { prompt: 'Do what an issue asks for.', requirements: [] }));
    await store.switchOn(intake, actor.kind === 'person' ? actor.name : actor.kind);
    return store.list();
  }

  async switchOff(repository: string): Promise<IntakeList> {
    await this.#parts.store.switchOff(repository);
    return this.#parts.store.list();
  }

  /** Looks at all of them, or at `only` these repositories (small letters). How many were asked about. */
  async look(only: ReadonlySet<string> | null, closing: AbortSignal): Promise<number> {
    const open = await this.#parts.store.open();
    const meant = open.filter(({ intake }) => only === null || only.has(intake.repository.toLowerCase()));
    for (const intake of meant) {
      if (closing.aborted) return 0;
      await this.#lookAt(intake, closing);
    }
    await this.#answer(closing);
    return meant.length;
  }

  async #lookAt({ intake, since, seen }: OpenIntake, closing: AbortSignal): Promise<void> {
    const { store, log } = this.#parts;
    const { repository, label } = intake;
    const began = Date.now();
    try {
      const changedSince = new Date(Math.max(since.getTime(), seen.getTime() - overlapMs));
      const signal = AbortSignal.any([closing, AbortSignal.timeout(askMs)]);
      const asks = await this.#place().asked({ repository, label, since, changedSince }, signal);
      const known = await store.known(
        repository,
        asks.map(({ key }) => key),
      );
      for (const ask of asks) if (!known.has(ask.key)) await this.#take(intake, ask);
      await store.looked(repository, { seen: new Date(began), trouble: '' });
    } catch (error) {
      if (closing.aborted) return;
      const timedOut = error instanceof Error && error.name === 'TimeoutError';
      if (!(error instanceof DomainError) && !timedOut) throw error;
      const trouble = error instanceof DomainError ? error.message : 'GitHub did not answer in time.';
      log.warn({ repository, trouble }, 'what is asked for could not be heard');
      await store.looked(repository, { seen: null, trouble });
    }
  }

  async #take(intake: Intake, ask: RunAsk): Promise<void> {
    const { store, creation, log } = this.#parts;
    const { repository } = intake;
    if (ask.mayWrite !== true) {
      const sentence = refusal(repository, ask);
      if (await store.take(store.sql, repository, { ...ask, runId: null, sentence }))
        log.info({ repository, issue: ask.number }, sentence);
      return;
    }
    const request = requestOf(intake, this.#place(), intakeRequest({ ...ask, repository }));
    const { key, what, asker, url } = ask;
    const from = {
      place: 'github',
      what,
      key: `${repository.toLowerCase()} ${key}`.slice(0, 200),
      author: asker.slice(0, 100),
      url: url.slice(0, 500),
    } as const;
    const sentence = `${asker} asked for it.`;
    try {
      await creation.create(
        request,
        { kind: 'factory' },
        {
          from,
          within: async (sql, runId) => {
            if (!(await store.take(sql, repository, { ...ask, runId, sentence }))) throw new TakenBefore();
          },
        },
      );
      log.info({ repository, issue: ask.number }, 'a run was begun for an issue');
    } catch (error) {
      if (error instanceof TakenBefore) return;
      // What waiting or a person can mend is asked for again at the next look; that it could not begin is seen until then.
      if (!(error instanceof DomainError) || error.kind !== 'invalid') throw error;
      await store.take(store.sql, repository, {
        ...ask,
        runId: null,
        sentence: `No run could be begun: ${error.message}`,
      });
      log.warn({ repository, issue: ask.number, code: error.code }, 'a run that was asked for could not be begun');
    }
  }

  /** What is due, also of runs whose answer was cut off when the server ended. */
  async #answer(closing: AbortSignal): Promise<void> {
    const { store, log } = this.#parts;
    for (const due of await store.answersDue()) {
      if (closing.aborted) return;
      try {
        const signal = AbortSignal.any([closing, AbortSignal.timeout(askMs)]);
        const { repository, number, runId } = due;
        await this.#place().answer({ repository, number, mark: runId, text: this.#words(due) }, signal);
        await store.answered(due, 'The issue names the run.');
      } catch (error) {
        if (!(error instanceof DomainError)) {
          if (closing.aborted) return;
          throw error;
        }
        log.warn({ run: due.runId, code: error.code }, 'an issue could not be answered');
        // Later it may be: the line, a limit. What it is not allowed stays so.
        if (error.kind !== 'unavailable')
          await store.answered(due, `The issue could not be answered: ${error.message}`);
      }
    }
  }

  #words({ runId }: DueAnswer): string {
    const { consoleUrl } = this.#parts;
    const run = consoleUrl === null ? `\`${runId}\`` : `[\`${runId}\`](${consoleUrl}/runs/${runId})`;
    return `AI DevFactory began run ${run} for this. What comes of it will be a pull request.`;
  }

  #place(): AskPlace {
    const exporter = this.#parts.exporters.get('github');
    const setUp = exporter?.setUp();
    if (exporter?.asks && setUp?.ready === true) return exporter.asks;
    throw new DomainError('intakes_off', 'conflict', {
      message: `Issues cannot begin runs here. ${setUp?.why ?? 'This server has no way to GitHub.'}`,
    });
  }
}

/** Another process was faster, or a person switched it off meanwhile: the run that was being begun is none. */
class TakenBefore extends Error {}

function requestOf(
  { repository, autonomy, agent, model, budgetUsd }: Intake,
  place: AskPlace,
  words: ReturnType<typeof intakeRequest>,
): CreateRun {
  return CreateRun.parse({
    ...words,
    autonomy,
    ...(agent === undefined ? {} : { agent }),
    ...(model === undefined ? {} : { model }),
    ...(budgetUsd === undefined ? {} : { budgetUsd }),
    source: { kind: 'git', url: place.address(repository) },
    destinations: [{ kind: 'github', repository }],
  });
}

function refusal(repository: string, { asker, number, mayWrite }: RunAsk): string {
  const who = asker.slice(0, 100);
  return mayWrite === null
    ? `Whether ${who} may write to ${repository} is not told to this server, so nothing was begun for #${number}. Its token needs to read collaborators (metadata).`
    : `${who} may not write to ${repository}, so nothing was begun for #${number}.`;
}
