import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { z } from 'zod';
import type { Exercise, Files } from './exercise.ts';
import { trackOf, type Laid } from './tracks.ts';

const Config = z.object({
  files: z.object({
    solution: z.array(z.string()),
    test: z.array(z.string()),
    example: z.array(z.string()),
    editor: z.array(z.string()).optional(),
  }),
});
const deepest = 3;

/**
 * Exercises in a folder that a person fetched, laid out as those of Exercism's tracks: each has a `.meta/config.json` that names what one
 * starts from, what asks, and an example. The folder may hold one track or several. What cannot be asked here is left out.
 */
export async function exercisesIn(folder: string): Promise<Exercise[]> {
  const folders = await foldersBelow(folder, 0);
  const read = await Promise.all(folders.map((path) => exerciseIn(path)));
  return read.filter((exercise) => exercise !== null);
}

async function foldersBelow(folder: string, depth: number): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  if (entries.some(({ name }) => name === '.meta')) return [folder];
  if (depth === deepest) return [];
  const below = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const found = await Promise.all(below.toSorted().map((name) => foldersBelow(join(folder, name), depth + 1)));
  return found.flat();
}

async function exerciseIn(folder: string): Promise<Exercise | null> {
  const text = await readFile(join(folder, '.meta', 'config.json'), 'utf8').catch(() => null);
  const config = text === null ? null : Config.safeParse(JSON.parse(text));
  if (!config?.success) return null;
  const { solution, test, example, editor = [] } = config.data.files;
  const track = trackOf(extname(test[0] ?? ''));
  if (!track) return null;
  const all = (paths: readonly string[]): Promise<Files> => textsOf(folder, paths);
  const slug = folder.slice(folder.lastIndexOf('/') + 1);
  const beside = await all([...editor, ...track.beside]);
  const laid: Laid = { slug, start: await all(solution), tests: await all(test), examples: await all(example), beside };
  const asked = track.read(laid);
  if (!asked || Object.keys(asked.right).length === 0) return null;
  return { name: `${slug} in ${track.language} (from a folder)`, language: track.language, ...asked };
}

/** Those that are there, by path. */
async function textsOf(folder: string, paths: readonly string[]): Promise<Files> {
  const texts = await Promise.all(
    paths.map(async (path) => [path, await readFile(join(folder, path), 'utf8').catch(() => null)] as const),
  );
  return Object.fromEntries(texts.flatMap(([path, text]) => (text === null ? [] : [[path, text] as const])));
}
