import type { ProviderCard } from '@devfactory/contracts';
import { DomainError, endpointUrl, type ModelProvider, type ProviderValues } from '@devfactory/kit';
import type { KeySeal } from './key-seal.ts';
import type { ModelStore, StoredProvider } from './model.store.ts';
import { readModelsFile } from './models-file.ts';

const probeMs = 1500;

/** How a provider is reached and who said so. Values of one source only: a key is never sent to an address from elsewhere. */
export interface Setup {
  readonly from: ProviderCard['from'];
  readonly values: ProviderValues;
  /** Why it cannot be used; empty when it can. */
  readonly why: string;
}

export interface ProviderSetupParts {
  readonly providers: ReadonlyMap<string, ModelProvider>;
  readonly store: ModelStore;
  readonly seal: KeySeal;
  readonly dataDir: string;
  readonly environment: NodeJS.ProcessEnv;
}

/** Finds out and keeps how providers are reached: what a person set, else models.json, else the environment, else what is found. */
export class ProviderSetups {
  readonly #parts: ProviderSetupParts;

  constructor(parts: ProviderSetupParts) {
    this.#parts = parts;
  }

  provider(id: string): ModelProvider {
    const provider = this.#parts.providers.get(id);
    if (provider) return provider;
    throw new DomainError('unknown_provider', 'not-found', {
      message: `There is no model provider '${id}'; there are ${[...this.#parts.providers.keys()].join(', ')}.`,
    });
  }

  all(): readonly ModelProvider[] {
    return [...this.#parts.providers.values()];
  }

  async of(provider: ModelProvider): Promise<Setup> {
    if (provider.local) return this.#found(provider);
    const stored = await this.#parts.store.provider(provider.id);
    if (stored) return this.#opened(provider, stored);
    const inFile = (await readModelsFile(this.#parts.dataDir)).providers[provider.id];
    if (inFile) return judged(provider, { from: 'file', values: inFile });
    const fromEnvironment = this.#environmentValues(provider);
    if (Object.keys(fromEnvironment).length > 0)
      return judged(provider, { from: 'environment', values: fromEnvironment });
    return { from: 'nothing', values: {}, why: `Set it up: ${missing(provider, {}).join(', ')}.` };
  }

  /** What a provider would be reached with if these values were saved. Throws DomainError key_needed, unknown_field and for bad addresses. */
  async with(provider: ModelProvider, given: Readonly<Record<string, string>>): Promise<ProviderValues> {
    const strangers = Object.keys(given).filter((name) => !provider.fields.some((field) => field.name === name));
    if (strangers.length > 0) {
      throw new DomainError('unknown_field', 'invalid', {
        message: `${provider.title} has no field ${strangers.join(', ')}; it has ${provider.fields.map((field) => field.name).join(', ') || 'none'}.`,
      });
    }
    const before = await this.of(provider);
    const values: Record<string, string> = {};
    for (const { name, secret } of provider.fields) {
      const value = given[name];
      if (value !== undefined && value !== '') values[name] = name === 'baseUrl' ? endpointUrl(value) : value;
      else if (secret && value === undefined && before.values[name] !== undefined)
        values[name] = keptSecret(provider, { name, before: before.values, values, given });
    }
    const open = missing(provider, values);
    if (open.length > 0) {
      throw new DomainError('field_missing', 'invalid', { message: `${provider.title} needs ${open.join(', ')}.` });
    }
    await provider.check?.(values);
    return values;
  }

  async save(provider: ModelProvider, given: Readonly<Record<string, string>>): Promise<void> {
    const values = await this.with(provider, given);
    const origin = originOf(provider, values);
    const fields: Record<string, string> = {};
    const sealed: Record<string, string> = {};
    for (const { name, secret } of provider.fields) {
      const value = values[name];
      if (value === undefined) continue;
      if (secret) sealed[name] = this.#parts.seal.seal(value, [provider.id, name, origin]);
      else fields[name] = value;
    }
    await this.#parts.store.saveProvider(provider.id, { fields, sealed });
  }

  async card(provider: ModelProvider): Promise<ProviderCard> {
    const { from, values, why } = await this.of(provider);
    const open = provider.fields.filter((field) => !field.secret && values[field.name] !== undefined);
    return {
      id: provider.id,
      title: provider.title,
      note: provider.note,
      fields: [...provider.fields],
      values: Object.fromEntries(open.map((field) => [field.name, values[field.name] ?? ''])),
      secretsSet: provider.fields
        .filter((field) => field.secret && values[field.name] !== undefined)
        .map((field) => field.name),
      from,
      usable: why === '',
      why,
    };
  }

  #opened(provider: ModelProvider, { fields, sealed }: StoredProvider): Setup {
    const origin = originOf(provider, fields);
    const values: Record<string, string> = { ...fields };
    for (const [name, text] of Object.entries(sealed)) {
      const secret = this.#parts.seal.open(text, [provider.id, name, origin]);
      if (secret === null)
        return { from: 'person', values: fields, why: 'Its key was sealed by another installation; enter it again.' };
      values[name] = secret;
    }
    return judged(provider, { from: 'person', values });
  }

  #environmentValues(provider: ModelProvider): ProviderValues {
    const pairs = provider.fields.flatMap(({ name, environment }): [string, string][] => {
      const value = this.#parts.environment[environment]?.trim() ?? '';
      return value === '' ? [] : [[name, value]];
    });
    return Object.fromEntries(pairs);
  }

  async #found(provider: ModelProvider): Promise<Setup> {
    try {
      await provider.list({}, AbortSignal.timeout(probeMs));
      return { from: 'found', values: {}, why: '' };
    } catch {
      return { from: 'nothing', values: {}, why: `Nothing answers at ${provider.defaultBaseUrl ?? ''}; start it.` };
    }
  }
}

/** A secret that stays because nobody gave another: only for the origin that it was given for. */
function keptSecret(
  provider: ModelProvider,
  about: {
    readonly name: string;
    readonly before: ProviderValues;
    readonly values: ProviderValues;
    readonly given: ProviderValues;
  },
): string {
  const { name, before, given } = about;
  const base = given['baseUrl'];
  const next = originOf(provider, base === undefined || base === '' ? {} : { baseUrl: base });
  if (next !== originOf(provider, before)) {
    throw new DomainError('key_needed', 'invalid', {
      message: `The address changes to ${next}; enter the key for it. The one that is set was given for ${originOf(provider, before)}.`,
    });
  }
  return before[name] ?? '';
}

function originOf(provider: ModelProvider, values: ProviderValues): string {
  const url = values['baseUrl'] ?? provider.defaultBaseUrl;
  return url === null ? '' : new URL(endpointUrl(url)).origin;
}

function judged(provider: ModelProvider, { from, values }: Omit<Setup, 'why'>): Setup {
  const open = missing(provider, values);
  return { from, values, why: open.length === 0 ? '' : `It still needs ${open.join(', ')}.` };
}

function missing(provider: ModelProvider, values: ProviderValues): string[] {
  return provider.fields.filter((field) => field.required && !values[field.name]).map((field) => field.label);
}
