import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GuidanceSetting, type GuidanceList } from '@devfactory/contracts';

type Item = GuidanceList['items'][number];

/** The folder `guidance` in the data directory, for those who set machines up with files: AGENTS.md, mcp.json and skills/NAME/SKILL.md. Read anew each time. */
export async function guidanceFiles(dataDir: string): Promise<Item[]> {
  const folder = join(dataDir, 'guidance');
  const text = await textOf(join(folder, 'AGENTS.md'));
  const own =
    text === null ? [] : [itemOf({ kind: 'instructions', name: 'agents-md', project: null, text, files: [] })];
  const names = (await entriesOf(join(folder, 'skills')))
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  const skills = await Promise.all(names.toSorted().map((name) => skillOf(join(folder, 'skills', name), name)));
  const servers = await textOf(join(folder, 'mcp.json'));
  const tools =
    servers === null ? [] : [itemOf({ kind: 'servers', name: 'mcp-json', project: null, text: servers, files: [] })];
  return [...own, ...tools, ...skills.flatMap((skill) => skill ?? [])];
}

async function skillOf(folder: string, name: string): Promise<Item | null> {
  const text = await textOf(join(folder, 'SKILL.md'));
  if (text === null) return null;
  const files = (await entriesOf(folder, true)).filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  const others = await Promise.all(
    paths
      .filter((path) => path !== 'SKILL.md')
      .toSorted()
      // One more than fits tells that they are too many.
      .slice(0, 21)
      .map(async (path) => ({ path, text: (await textOf(join(folder, path))) ?? '' })),
  );
  return itemOf({ kind: 'skill', name, project: null, text, files: others });
}

function itemOf(written: GuidanceSetting): Item {
  const parsed = GuidanceSetting.safeParse(written);
  if (parsed.success) return { ...parsed.data, from: 'file', trouble: '' };
  const trouble = parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('; ');
  return { ...written, text: '', files: [], from: 'file', trouble };
}

async function entriesOf(folder: string, recursive = false) {
  return (await orNull(readdir(folder, { withFileTypes: true, recursive }))) ?? [];
}

function textOf(file: string): Promise<string | null> {
  return orNull(readFile(file, 'utf8'));
}

/** Null for what is not there. */
async function orNull<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return null;
    throw error;
  }
}
