import type { ConnectionTest, ModelCard, ModelFigures, ProviderCard } from '@devfactory/contracts';
import type { ModelProvider } from '@devfactory/kit';
import type { Database } from '../store/database.ts';
import { testConnection } from './connection-test.ts';
import { KeySeal } from './key-seal.ts';
import { ModelCatalogue } from './model-catalogue.ts';
import { ModelStore } from './model.store.ts';
import { ProviderSetups } from './provider-setup.ts';
import { DaySpending } from './spending.ts';

export interface ModelsPlace {
  readonly database: Database;
  readonly dataDir: string;
  readonly providers: ReadonlyMap<string, ModelProvider>;
  readonly environment: NodeJS.ProcessEnv;
}

/** The installation's models: who provides them, which there are, what they may cost. */
export class Models {
  readonly catalogue: ModelCatalogue;
  readonly spending: DaySpending;
  readonly #setups: ProviderSetups;
  readonly #store: ModelStore;

  private constructor(place: ModelsPlace, seal: KeySeal) {
    this.#store = new ModelStore(place.database);
    this.#setups = new ProviderSetups({ ...place, store: this.#store, seal });
    this.catalogue = new ModelCatalogue({ ...place, setups: this.#setups, store: this.#store });
    this.spending = new DaySpending(place.database, this.#store, place.dataDir);
  }

  static async in(place: ModelsPlace): Promise<Models> {
    return new Models(place, await KeySeal.in(place.dataDir));
  }

  async list(): Promise<{ models: ModelCard[]; defaultModel: string | null }> {
    return { models: await this.catalogue.cards(), defaultModel: await this.catalogue.defaultModel() };
  }

  async setDefault(model: string | null): ReturnType<Models['list']> {
    await this.catalogue.setDefaultModel(model);
    return this.list();
  }

  async setFigures(model: string, figures: ModelFigures | null): ReturnType<Models['list']> {
    await this.#store.setFigures(model, figures);
    return this.list();
  }

  providers(): Promise<ProviderCard[]> {
    return Promise.all(this.#setups.all().map((provider) => this.#setups.card(provider)));
  }

  /** Whether any provider can be used. */
  async anyUsable(): Promise<boolean> {
    return (await this.providers()).some((card) => card.usable);
  }

  async save(id: string, values: Readonly<Record<string, string>>): Promise<ProviderCard> {
    const provider = this.#setups.provider(id);
    await this.#setups.save(provider, values);
    this.catalogue.refresh();
    return this.#setups.card(provider);
  }

  async forget(id: string): Promise<ProviderCard> {
    const provider = this.#setups.provider(id);
    await this.#store.forgetProvider(id);
    this.catalogue.refresh();
    return this.#setups.card(provider);
  }

  async test(
    id: string,
    order: { readonly values?: Readonly<Record<string, string>> | undefined; readonly model: string | null },
  ): Promise<ConnectionTest> {
    const provider = this.#setups.provider(id);
    const values = order.values
      ? await this.#setups.with(provider, order.values)
      : (await this.#setups.of(provider)).values;
    const found = await testConnection(provider, { values, model: order.model });
    const { ok, streams, callsTools, ms, sentence } = found;
    // Of what is in use only: values that are being tried say nothing about it.
    if (!order.values && found.model !== null) {
      const at = new Date().toISOString();
      await this.#store.setTested(`${provider.id}/${found.model}`, { at, ok, streams, callsTools, ms, sentence });
    }
    return found;
  }
}
