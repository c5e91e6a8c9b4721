import { ModelRef, splitModelRef, type ModelCard, type ModelFigures } from '@devfactory/contracts';
import {
  DomainError,
  redactor,
  type ListedModel,
  type ModelProvider,
  type ModelSource,
  type OpenModel,
} from '@devfactory/kit';
import type { ModelStore } from './model.store.ts';
import { readModelsFile } from './models-file.ts';
import type { ProviderSetups, Setup } from './provider-setup.ts';

const listMs = 8_000;
const keptMs = 60_000;
const mostModels = 2_000;
const unknown: ModelFigures = {
  contextTokens: null,
  outputTokens: null,
  inputUsd: null,
  cachedUsd: null,
  outputUsd: null,
};

interface Listing {
  readonly at: number;
  readonly models: readonly ListedModel[];
  /** Why the endpoint gave no list; empty when it did. */
  readonly why: string;
}

export interface ModelCatalogueParts {
  readonly setups: ProviderSetups;
  readonly store: ModelStore;
  readonly dataDir: string;
  readonly environment: NodeJS.ProcessEnv;
}

/** Which models there are, what is known about them, and opening one. */
export class ModelCatalogue implements ModelSource {
  readonly #parts: ModelCatalogueParts;
  readonly #listings = new Map<string, Listing>();

  constructor(parts: ModelCatalogueParts) {
    this.#parts = parts;
  }

  /** Forgets lists, so that the next look is fresh. */
  refresh(): void {
    this.#listings.clear();
  }

  /** Every model of every provider that is set up; those of a provider that cannot be used say why. */
  async cards(): Promise<ModelCard[]> {
    const { setups, store } = this.#parts;
    const [own, tests, chosen] = [await this.#own(), await store.tests(), await this.defaultModel()];
    const cards = await Promise.all(
      setups.all().map(async (provider) => {
        const setup = await setups.of(provider);
        if (setup.from === 'nothing') return [];
        const { models, why } = await this.#list(provider, setup);
        const said = setup.why || why;
        const known: readonly ListedModel[] =
          models.length > 0
            ? models
            : Object.keys(provider.figures).flatMap((name) => (name === '' ? [] : [{ name, contextTokens: null }]));
        return known.slice(0, mostModels).map((model): ModelCard => {
          const ref = `${provider.id}/${model.name}`;
          const { figures, from } = figuresOf(provider, model, own.get(ref));
          const card = { ref, provider: provider.id, name: model.name, figures, figuresFrom: from };
          const why = said || (model.why ?? '');
          return {
            ...card,
            isDefault: ref === chosen,
            available: why === '',
            why,
            ...(model.note === undefined ? {} : { note: model.note }),
            tested: tests.get(ref) ?? null,
          };
        });
      }),
    );
    return cards.flat();
  }

  /** What a run takes that names no model; null before one was chosen. */
  async defaultModel(): Promise<string | null> {
    const { store, dataDir, environment } = this.#parts;
    const stored = await store.setting('default-model', ModelRef);
    if (stored !== null) return stored;
    const named = (await readModelsFile(dataDir)).default ?? environment['DEVFACTORY_MODEL'];
    return named === undefined || !ModelRef.safeParse(named).success ? null : named;
  }

  async setDefaultModel(ref: string | null): Promise<void> {
    if (ref !== null) await this.require(ref);
    await this.#parts.store.setSetting('default-model', ref);
  }

  /** Throws DomainError model_unknown, model_not_set_up: before a run is created, and again when it asks. */
  async require(
    ref: string,
  ): Promise<{ readonly provider: ModelProvider; readonly name: string; readonly setup: Setup }> {
    const { provider: id, name } = splitModelRef(ref);
    const provider = this.#parts.setups.all().find((item) => item.id === id);
    if (!provider) {
      const ids = this.#parts.setups.all().map((item) => item.id);
      throw new DomainError('model_unknown', 'invalid', {
        message: `There is no model provider '${id}' (of '${ref}'); there are ${ids.join(', ')}.`,
      });
    }
    const setup = await this.#parts.setups.of(provider);
    if (setup.why !== '') {
      const variables = provider.fields.filter((field) => field.required).map((field) => field.environment);
      const how =
        variables.length > 0 ? ` In the settings, or with ${variables.join(', ')} when the server starts.` : '';
      throw new DomainError('model_not_set_up', 'unavailable', {
        message: `${provider.title} cannot be used yet. ${setup.why}${how}`,
      });
    }
    return { provider, name, setup };
  }

  async open(ref: string): Promise<OpenModel> {
    // Asked before each step: side by side.
    const [{ provider, name, setup }, figuresBy] = await Promise.all([this.require(ref), this.#own()]);
    const own = figuresBy.get(ref);
    const listed = (await this.#list(provider, setup)).models.find((model) => model.name === name);
    const { figures } = figuresOf(provider, listed ?? { name, contextTokens: null }, own);
    const secrets = provider.fields.flatMap((field) => (field.secret ? [setup.values[field.name] ?? ''] : []));
    return { ref, figures, language: await provider.open(name, setup.values), redact: redactor(secrets) };
  }

  /** What people say about models: in the settings, else in the file. */
  async #own(): Promise<ReadonlyMap<string, ModelFigures>> {
    const { figures } = await readModelsFile(this.#parts.dataDir);
    return new Map([...Object.entries(figures), ...(await this.#parts.store.figures())]);
  }

  async #list(provider: ModelProvider, setup: Setup): Promise<Listing> {
    const key = `${provider.id} ${JSON.stringify(setup.values)}`;
    const known = this.#listings.get(key);
    if (known && performance.now() - known.at < keptMs) return known;
    const listing = await listingOf(provider, setup);
    // Notes tell how a model stands just now.
    if (listing.models.every((model) => model.note === undefined)) this.#listings.set(key, listing);
    return listing;
  }
}

async function listingOf(provider: ModelProvider, setup: Setup): Promise<Listing> {
  const at = performance.now();
  if (setup.why !== '') return { at, models: [], why: setup.why };
  try {
    return { at, models: await provider.list(setup.values, AbortSignal.timeout(listMs)), why: '' };
  } catch (error) {
    const redact = redactor(Object.values(setup.values));
    const said = error instanceof Error ? error.message : String(error);
    const status = error instanceof Error && 'status' in error ? error.status : null;
    // Some endpoints have no list and answer all the same.
    if (status === 404 || status === 405 || status === 501) return { at, models: [], why: '' };
    return { at, models: [], why: `${provider.title} did not list its models: ${redact(said).slice(0, 300)}` };
  }
}

function figuresOf(
  provider: ModelProvider,
  model: ListedModel,
  own: ModelFigures | undefined,
): { readonly figures: ModelFigures; readonly from: ModelCard['figuresFrom'] } {
  if (own) return { figures: own, from: 'person' };
  const key = Object.keys(provider.figures)
    .toSorted((a, b) => b.length - a.length)
    .find((name) => name === '' || isVersionOf(model.name, name));
  const known = key === undefined ? undefined : provider.figures[key];
  const figures = {
    ...(known ?? unknown),
    ...(model.contextTokens === null ? {} : { contextTokens: model.contextTokens }),
  };
  return { figures, from: known ? 'table' : 'unknown' };
}

/** `gpt-x-2025-08-07` is a `gpt-x`; `gpt-x-mini` is another model with another price. */
function isVersionOf(name: string, known: string): boolean {
  return (
    name === known ||
    (name.startsWith(`${known}-`) && /^(?:\d{4}-?\d{2}-?\d{2}|latest)$/.test(name.slice(known.length + 1)))
  );
}
