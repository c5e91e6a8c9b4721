import { readdir, stat } from 'node:fs/promises';
import { basename, isAbsolute, join } from 'node:path';
import { DomainError, type ListedModel, type ModelProvider, type ProviderValues } from '@devfactory/kit';
import { inspectFolder, type ModelFolder } from './folder/inspect-folder.ts';
import { inWords } from './folder/memory.ts';
import { ModelPool, type PoolParts, type Wanted } from './worker/model-pool.ts';
import { modelAt } from './worker/model-worker.ts';

const free = { contextTokens: null, outputTokens: null, inputUsd: 0, cachedUsd: 0, outputUsd: 0 };
const usualIdleMinutes = 15;
const mostModels = 100;
const inspectedMs = 30_000;
/** Nothing is sent there: the address only names what the requests look like. */
const baseURL = 'http://onnx.invalid';

export interface OnnxProvider extends ModelProvider {
  /** What a workspace of a model sees beside its own folder; none for other workspaces. */
  sights(workspaceId: string): readonly { readonly from: string; readonly at: string }[];
  /** Unloads everything. */
  close(): Promise<void>;
}

/** Models in ONNX from a folder on this machine, each in a sandbox of its own. */
export function onnxProvider(parts: PoolParts): OnnxProvider {
  const pool = new ModelPool(parts);
  const inspected = new Inspected();
  const wantedOf = async (name: string, values: ProviderValues): Promise<Wanted> => {
    const settings = settingsOf(values);
    const path = (await modelsIn(settings.folder)).get(name);
    if (path !== undefined) return { ...settings, name, model: await inspected.of(path) };
    throw new DomainError('model_unknown', 'invalid', {
      message: `There is no model '${name}' in ${settings.folder}.`,
    });
  };
  return {
    id: 'onnx',
    title: 'ONNX',
    note: 'Models in ONNX from a folder on this machine, as Hugging Face lays them out. Nothing leaves it, and it costs nothing. The runtime (about 100 MB) is fetched from npm at the first question.',
    defaultBaseUrl: null,
    figures: { '': free },
    local: false,
    fields: [
      field('folder', {
        label: 'Folder',
        hint: '/srv/models: a model, or a folder of models',
        required: true,
        environment: 'DEVFACTORY_ONNX_FOLDER',
      }),
      field('device', {
        label: 'Runs on',
        hint: 'cpu, or gpu where there is one',
        environment: 'DEVFACTORY_ONNX_DEVICE',
      }),
      field('memory', {
        label: 'Memory',
        hint: 'gigabytes for all models; empty: what is free',
        environment: 'DEVFACTORY_ONNX_MEMORY',
      }),
      field('idle', {
        label: 'Unload after',
        hint: `minutes without a question; empty: ${usualIdleMinutes}`,
        environment: 'DEVFACTORY_ONNX_IDLE',
      }),
    ],
    check: async (values) => {
      await modelsIn(settingsOf(values).folder);
    },
    prepare: async (name, values) => pool.load(await wantedOf(name, values)),
    open: async (name, values) => {
      const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
      const wanted = await wantedOf(name, values);
      const ask: typeof fetch = (input, init) => askAs(pool, wanted, { url: urlOf(input), init });
      const settings = { name: 'onnx', baseURL: `${baseURL}/v1`, includeUsage: true, fetch: ask };
      return createOpenAICompatible(settings).chatModel(name);
    },
    list: async (values) => {
      const { folder } = settingsOf(values);
      const models = [...(await modelsIn(folder))];
      return Promise.all(models.map(([name, path]) => listed({ name, path, pool, inspected })));
    },
    sights: (workspaceId) => {
      const folder = pool.folderOf(workspaceId);
      return folder === undefined ? [] : [{ from: folder, at: modelAt }];
    },
    close: () => pool.close(),
  };
}

function field(
  name: string,
  more: { readonly label: string; readonly hint: string; readonly environment: string; readonly required?: boolean },
): ModelProvider['fields'][number] {
  return { name, required: false, secret: false, ...more };
}

/** Throws DomainError for what is no such value. */
function settingsOf(values: ProviderValues): Omit<Wanted, 'name' | 'model'> & { readonly folder: string } {
  const { folder = '', device = 'cpu', memory, idle } = values;
  if (!isAbsolute(folder)) throw wrong('Folder', 'an absolute path');
  if (device !== 'cpu' && device !== 'gpu') throw wrong('Runs on', 'cpu or gpu');
  return {
    folder,
    device,
    mostMemory: memory === undefined ? null : positive(memory, 'Memory') * 1e9,
    idleMs: (idle === undefined ? usualIdleMinutes : positive(idle, 'Unload after')) * 60_000,
  };
}

function positive(text: string, label: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value > 0) || !Number.isFinite(value)) throw wrong(label, 'a number above 0');
  return value;
}

function wrong(label: string, wish: string): DomainError {
  return new DomainError('invalid_provider_value', 'invalid', { message: `${label} of ONNX is ${wish}.` });
}

/** Folders of models by the name that people write: the folder itself, those in it, and theirs (VENDOR/MODEL). */
async function modelsIn(folder: string): Promise<ReadonlyMap<string, string>> {
  const is = await stat(folder).catch(() => null);
  if (!is?.isDirectory())
    throw new DomainError('model_folder_missing', 'invalid', {
      message: `${folder} is no folder on the machine that the factory runs on.`,
    });
  const found = new Map<string, string>();
  const look = async (path: string, name: string): Promise<void> => {
    const names = await readdir(path);
    if (names.includes('config.json')) {
      if (found.size < mostModels) found.set(name === '' ? basename(path) : name, path);
      return;
    }
    if (name.split('/').length > 1) return;
    for (const entry of names.filter((one) => /^[\w][\w.-]{0,95}$/.test(one)).toSorted()) {
      const below = join(path, entry);
      const folderThere = await stat(below).catch(() => null);
      if (folderThere?.isDirectory()) await look(below, name === '' ? entry : `${name}/${entry}`);
    }
  };
  await look(folder, '');
  return found;
}

/** What was found in folders, for as long as people look at a list: a large tokenizer takes a second to read. */
class Inspected {
  readonly #found = new Map<string, { readonly at: number; readonly model: Promise<ModelFolder> }>();

  of(path: string): Promise<ModelFolder> {
    const known = this.#found.get(path);
    if (known && performance.now() - known.at < inspectedMs) return known.model;
    const model = inspectFolder(path);
    this.#found.set(path, { at: performance.now(), model });
    model.catch(() => this.#found.delete(path));
    return model;
  }
}

async function listed({
  name,
  path,
  pool,
  inspected,
}: {
  readonly name: string;
  readonly path: string;
  readonly pool: ModelPool;
  readonly inspected: Inspected;
}): Promise<ListedModel> {
  let model: ModelFolder;
  try {
    model = await inspected.of(path);
  } catch (error) {
    return { name, contextTokens: null, why: error instanceof Error ? error.message : String(error) };
  }
  const { memory, dtype, contextTokens } = model;
  const needs = `${dtype}, needs about ${inWords(memory.all)} of memory (weights ${inWords(memory.weights)}, a full conversation ${inWords(memory.conversation)})`;
  const says = pool.says(model.folder);
  return { name, contextTokens, note: says === '' ? `${needs}; not loaded` : `${needs}; ${says}` };
}

function urlOf(input: Parameters<typeof fetch>[0]): URL {
  return new URL(input instanceof Request ? input.url : input);
}

/** What keeps a model from being loaded is answered in the manner of an endpoint, so that it is asked again where that can help. */
async function askAs(
  pool: ModelPool,
  wanted: Wanted,
  { url, init }: { readonly url: URL; readonly init: RequestInit | undefined },
): Promise<Response> {
  const { method = 'GET', body, signal } = init ?? {};
  try {
    return await pool.ask(wanted, url.pathname, {
      method,
      ...(typeof body === 'string' ? { body } : {}),
      ...(signal ? { signal } : {}),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    const lasting =
      error instanceof DomainError && ['model_memory', 'model_refused', 'model_not_loaded'].includes(error.code);
    const message = error instanceof Error ? error.message : String(error);
    return Response.json({ error: { message } }, { status: lasting ? 422 : 503 });
  }
}
