import {
  mostGuidance,
  readSkillHead,
  type Actor,
  type GuidanceList,
  type GuidanceSetting,
  type RunState,
  type TrustMark,
} from '@devfactory/contracts';
import { findSecrets } from '@devfactory/engine';
import { DomainError, type DeclaredGuidance, type GuidanceSource } from '@devfactory/kit';
import type { Database, Sql } from '../store/database.ts';
import type { EventStore } from '../store/event-store.ts';
import { guidanceFiles } from './guidance-files.ts';
import { GuidanceStore } from './guidance.store.ts';

export interface GuidancePlace {
  readonly database: Database;
  readonly events: EventStore;
  readonly dataDir: string;
}

/** Forks of forks lead back to where the files came from; longer chains count as projects of their own. */
const mostForks = 50;

/** What people want runs to follow, and what they trust of projects' own files. */
export class GuidanceSettings implements GuidanceSource {
  readonly #place: GuidancePlace;
  readonly #store: GuidanceStore;

  constructor(place: GuidancePlace) {
    this.#place = place;
    this.#store = new GuidanceStore(place.database);
  }

  async list(): Promise<GuidanceList> {
    return { items: await this.#items(), trusted: await this.#store.trusted() };
  }

  /** Throws too_much_guidance, secret_found. */
  async save(setting: GuidanceSetting): Promise<GuidanceList> {
    refuseSecrets(setting);
    if (!(await this.#store.save(setting, mostGuidance)))
      throw new DomainError('too_much_guidance', 'conflict', {
        message: `Runs follow at most ${mostGuidance} settings; forget one first.`,
      });
    return this.list();
  }

  async forget(setting: Pick<GuidanceSetting, 'kind' | 'name'>): Promise<GuidanceList> {
    await this.#store.forget(setting);
    return this.list();
  }

  /** Of runs to come. One that goes on takes it back itself. */
  async forgetTrust({ project, ...mark }: TrustMark & { readonly project: string }): Promise<GuidanceList> {
    await this.#store.distrust(this.#store.sql, project, mark);
    return this.list();
  }

  async declared(runId: string): Promise<DeclaredGuidance[]> {
    const project = await this.projectOf(runId);
    const name = project.slice(project.indexOf(':') + 1);
    return (await this.#items())
      .filter((item) => item.trouble === '' && (item.project === null || item.project === name))
      .map(({ kind, name: called, text, files }) => {
        const head = kind === 'skill' ? readSkillHead(text) : null;
        const about = head && 'about' in head ? head.about : '';
        return { kind, name: called, about, text, files };
      });
  }

  async remembered(runId: string): Promise<readonly TrustMark[]> {
    return this.#store.trustedIn(await this.projectOf(runId));
  }

  /** Within the transaction that writes the event. */
  async keepTrust(
    sql: Pick<Sql, 'query'>,
    project: string,
    said: TrustMark & { readonly do: 'trust-guidance' | 'distrust-guidance'; readonly actor: Actor },
  ): Promise<void> {
    const by = said.actor.kind === 'person' ? said.actor.name : said.actor.kind;
    if (said.do === 'trust-guidance') await this.#store.trust(sql, project, { ...said, by });
    else await this.#store.distrust(sql, project, said);
  }

  /** What a run's files are of: its repository, what was uploaded, or the run that they were made in. */
  async projectOf(runId: string): Promise<string> {
    let id = runId;
    for (let forks = 0; forks < mostForks; forks++) {
      const source = (await this.#stateOf(id))?.request.source;
      if (source?.kind === 'git') return `git:${source.url}`;
      if (source?.kind === 'upload' && source.label !== 'upload') return `upload:${source.label}`;
      if (source?.kind !== 'checkpoint') break;
      id = source.runId;
    }
    return `run:${id}`;
  }

  /** Null for a run that was deleted. */
  async #stateOf(runId: string): Promise<RunState | null> {
    try {
      return await this.#place.events.state(runId);
    } catch (error) {
      if (error instanceof DomainError && error.kind === 'not-found') return null;
      throw error;
    }
  }

  /** A person's word goes before the file of the same name. */
  async #items(): Promise<GuidanceList['items']> {
    const said = (await this.#store.settings()).map((item) => ({ ...item, from: 'person' as const, trouble: '' }));
    const files = (await guidanceFiles(this.#place.dataDir)).filter(
      (file) => !said.some(({ kind, name }) => kind === file.kind && name === file.name),
    );
    return [...said, ...files];
  }
}

/** What agents follow goes to vendors of models and into sandboxes. */
function refuseSecrets({ text, files }: GuidanceSetting): void {
  const [found] = [{ path: 'text', text }, ...files].flatMap((file) => findSecrets(file.path, file.text, 1));
  if (found)
    throw new DomainError('secret_found', 'invalid', {
      message: `What looks like a secret (${found.kind}) is in ${found.path}, line ${found.line}: agents and their models would read it. Take it out.`,
    });
}
