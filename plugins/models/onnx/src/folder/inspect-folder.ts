import { lstat, readdir, readFile, realpath } from 'node:fs/promises';
import { basename, dirname, join, normalize } from 'node:path';
import { DomainError } from '@devfactory/kit';
import { z } from 'zod';
import { Config, mostVocabulary } from './config.ts';
import { memoryNeeded, type ModelMemory } from './memory.ts';
import { readGraph, type OutsideData } from './read-graph.ts';
import { refusal } from './refusal.ts';
import { WireFault } from './wire.ts';

/** A model that was looked at and may be run. */
export interface ModelFolder {
  /** Absolute, without links. */
  readonly folder: string;
  readonly dtype: Dtype;
  readonly contextTokens: number;
  readonly memory: ModelMemory;
}

const mostFiles = 500;
const mostDepth = 3;
const mostConfig = 4_000_000;
const mostTokenizer = 100_000_000;
/** As root every sandbox has a user of its own. */
const othersRead = process.getuid?.() === 0;
/** More is seldom of use to a model that runs without a card, and its memory is taken in proportion. */
const mostContext = 32_768;

/** The library's names, the smallest that a processor is quick with first, and how their files end. */
const dtypes = [
  ['q4', '_q4'],
  ['q8', '_quantized'],
  ['int8', '_int8'],
  ['uint8', '_uint8'],
  ['fp32', ''],
  ['q4f16', '_q4f16'],
  ['fp16', '_fp16'],
] as const;
type Dtype = (typeof dtypes)[number][0];

const Vocabulary = z.union([
  z.record(z.string(), z.int().min(0).max(mostVocabulary)),
  z.array(z.tuple([z.string(), z.number()])).max(mostVocabulary),
]);
const Tokenizer = z.looseObject({
  model: z.looseObject({ vocab: Vocabulary }),
  added_tokens: z
    .array(z.looseObject({ id: z.int().min(0).max(mostVocabulary), content: z.string().max(1000) }))
    .max(100_000)
    .default([]),
});

/**
 * Looks at a model folder without running anything of it. Throws DomainError model_refused for what is broken, and for what would reach
 * out of the folder, load code, or ask for more than is there.
 */
export async function inspectFolder(path: string): Promise<ModelFolder> {
  const folder = await realpath(path).catch(() => {
    throw refusal(path, 'there is no such folder.');
  });
  try {
    const files = await plainFiles(folder);
    const config = await parsed(join(folder, 'config.json'), Config, mostConfig);
    await requireTokenizer(folder, files, config);
    const [dtype, graph] = graphOf(folder, files);
    const { outside, strangers } = await readGraph(join(folder, graph));
    if (strangers.length > 0)
      throw refusal(
        folder,
        `it wants operators of ${strangers.slice(0, 5).join(', ')}, for which code of others would have to be loaded.`,
      );
    const beside = await requireInside(folder, { graph, outside, files });
    const weights = [graph, ...beside].reduce((sum, name) => sum + (files.get(name) ?? 0), 0);
    const contextTokens = Math.min(config.max_position_embeddings ?? 4096, mostContext);
    return { folder, dtype, contextTokens, memory: memoryNeeded(config, { weights, contextTokens }) };
  } catch (error) {
    if (error instanceof WireFault) throw refusal(folder, `its graph is no ONNX: ${error.message}.`);
    if (error instanceof DomainError) throw error;
    throw refusal(folder, error instanceof Error ? error.message : String(error));
  }
}

/** Sizes of all files, by path within the folder. What is no plain file or folder is refused: a link leads wherever it likes. */
async function plainFiles(folder: string): Promise<ReadonlyMap<string, number>> {
  const files = new Map<string, number>();
  const look = async (at: string, depth: number): Promise<void> => {
    for (const entry of await readdir(join(folder, at), { withFileTypes: true })) {
      const name = at === '' ? entry.name : `${at}/${entry.name}`;
      if (entry.name === '.git' && entry.isDirectory()) continue;
      if (entry.isSymbolicLink()) throw refusal(folder, `${name} is a link. Copy the model with its files: cp -rL.`);
      if (entry.isDirectory()) {
        if (depth < mostDepth) await look(name, depth + 1);
        continue;
      }
      if (!entry.isFile()) throw refusal(folder, `${name} is no plain file.`);
      const { size, mode } = await lstat(join(folder, name));
      if (othersRead && (mode & 0o004) === 0)
        throw refusal(folder, `its sandbox may not read ${name}: chmod -R a+rX ${folder}`);
      files.set(name, size);
      if (files.size > mostFiles) throw refusal(folder, `it has more than ${mostFiles} files; is this one model?`);
    }
  };
  await look('', 0);
  if (othersRead) await requireReachable(folder);
  return files;
}

/** The sandbox has a user of its own, who has to get there. */
async function requireReachable(folder: string): Promise<void> {
  for (let at = folder; at !== dirname(at); at = dirname(at)) {
    const { mode } = await lstat(at);
    if ((mode & 0o001) === 0)
      throw refusal(
        folder,
        `its sandbox may not enter ${at}: chmod a+x ${at}, or move the model to where everybody may read.`,
      );
  }
}

async function parsed<T>(path: string, schema: z.ZodType<T>, most: number): Promise<T> {
  const name = basename(path);
  const { size } = await lstat(path).catch(() => {
    throw new Error(`there is no ${name}.`);
  });
  if (size > most) throw new Error(`${name} has ${size} bytes.`);
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, 'utf8'));
  } catch {
    throw new Error(`${name} is no JSON.`);
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new Error(`${name} is broken at ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}.`);
}

async function requireTokenizer(folder: string, files: ReadonlyMap<string, number>, config: Config): Promise<void> {
  const { model, added_tokens: added } = await parsed(join(folder, 'tokenizer.json'), Tokenizer, mostTokenizer);
  const ids = Array.isArray(model.vocab) ? model.vocab.map((_, id) => id) : Object.values(model.vocab);
  const all = [...ids, ...added.map(({ id }) => id)];
  if (all.length < 32) throw refusal(folder, `tokenizer.json knows ${all.length} tokens only.`);
  const highest = all.reduce((most, id) => Math.max(most, id), 0);
  if (highest >= config.vocab_size)
    throw refusal(folder, `tokenizer.json has token ${highest}, and the model knows ${config.vocab_size}.`);
  const settings = await parsed(join(folder, 'tokenizer_config.json'), z.looseObject({}), mostConfig);
  if (settings['chat_template'] === undefined && !files.has('chat_template.jinja'))
    throw refusal(folder, 'it has no chat template, so it was not made to answer people.');
}

function graphOf(folder: string, files: ReadonlyMap<string, number>): readonly [Dtype, string] {
  for (const [dtype, ending] of dtypes) {
    const name = `onnx/model${ending}.onnx`;
    if (files.has(name)) return [dtype, name];
  }
  throw refusal(
    folder,
    'there is no onnx/model.onnx in it, nor one of its smaller kinds (model_q4.onnx, model_quantized.onnx …).',
  );
}

/** Names of the files that weights lie in, all of them in the folder of the graph. */
async function requireInside(
  folder: string,
  {
    graph,
    outside,
    files,
  }: { readonly graph: string; readonly outside: readonly OutsideData[]; readonly files: ReadonlyMap<string, number> },
): Promise<readonly string[]> {
  const names = new Set<string>();
  for (const { location, offset, bytes } of outside) {
    const name = normalize(join(dirname(graph), location));
    const isPlain = location !== '' && !location.startsWith('/') && !location.split(/[/\\]/).includes('..');
    if (!isPlain || location.includes('\0'))
      throw refusal(folder, `its weights are to be read from '${location.slice(0, 200)}', which is not in the folder.`);
    const size = files.get(name);
    if (size === undefined) throw refusal(folder, `its weights are to be read from ${name}, which is not there.`);
    if (!(offset >= 0 && offset + bytes <= size))
      throw refusal(folder, `a tensor of ${bytes} bytes is to be read from ${name}, which has ${size}.`);
    names.add(name);
  }
  return [...names];
}
