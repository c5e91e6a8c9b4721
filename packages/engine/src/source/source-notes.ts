import type { EventOf } from '@devfactory/contracts';
import type { SourceTree, Toolchain } from '@devfactory/kit';
import { readSource } from '../verify/prepare/source-view.ts';

export type SourceNote = EventOf<'source.surveyed'>['data']['notes'][number];

const shownPaths = 20;
const largeBytes = 100_000_000;
const pointerBytes = 300;
const mostPointers = 5_000;
const pointerHead = 'version https://git-lfs.github.com/spec/';

/** Files that a build system is known by, beside those that the toolchains here know. */
const markers: readonly (readonly [RegExp, string])[] = [
  [/(^|\/)package\.json$/, 'Node'],
  [/(^|\/)(pyproject\.toml|setup\.py|requirements\.txt)$/, 'Python'],
  [/(^|\/)go\.mod$/, 'Go'],
  [/(^|\/)Cargo\.toml$/, 'Rust'],
  [/(^|\/)pom\.xml$/, 'Maven'],
  [/(^|\/)build\.gradle(\.kts)?$/, 'Gradle'],
  [/(^|\/)CMakeLists\.txt$/, 'CMake'],
  [/(^|\/)(GNUm|m|M)akefile$/, 'make'],
  [/(^|\/)composer\.json$/, 'PHP'],
  [/(^|\/)Gemfile$/, 'Ruby'],
  [/\.(cs|fs|vb)proj$/, '.NET'],
];

/** What a person must know about a source that was taken in: what is not really there, what is odd, and what cannot be built here. */
export async function sourceNotes(
  tree: SourceTree,
  given: { readonly recognised: readonly { readonly title: string }[]; readonly toolchains: readonly Toolchain[] },
): Promise<SourceNote[]> {
  const notes = [
    await submodules(tree),
    await lfsPointers(tree),
    largeFiles(tree),
    ...(await brokenManifests(tree)),
    buildSystems(tree, given),
  ];
  return notes.filter((note) => note !== null);
}

async function submodules(tree: SourceTree): Promise<SourceNote | null> {
  const text = await textOf(tree, '.gitmodules');
  if (text === null) return null;
  const paths = text.split('\n').flatMap(submodulePath);
  return paths.length === 0
    ? null
    : note(
        'submodules',
        paths,
        `Submodules are not fetched: ${few(paths)} ${paths.length === 1 ? 'is' : 'are'} empty here. Upload a folder that has them.`,
      );
}

/** Without patterns that try a line over and over: the text is a stranger's, and everything else waits meanwhile. */
function submodulePath(line: string): string[] {
  const at = line.indexOf('=');
  const path = line.slice(at + 1).trim();
  return at > 0 && line.slice(0, at).trim() === 'path' && path !== '' ? [path] : [];
}

async function lfsPointers(tree: SourceTree): Promise<SourceNote | null> {
  const attributes = tree.entries.filter(({ path }) => /(^|\/)\.gitattributes$/.test(path));
  const texts = await Promise.all(attributes.map(({ path }) => textOf(tree, path)));
  if (!texts.some((text) => text?.includes('filter=lfs'))) return null;
  const paths: string[] = [];
  const small = tree.entries.filter((entry) => entry.type === 'file' && entry.size <= pointerBytes && !entry.raw);
  for (const { path } of small.slice(0, mostPointers))
    if ((await textOf(tree, path))?.startsWith(pointerHead)) paths.push(path);
  return paths.length === 0
    ? null
    : note(
        'lfs',
        paths,
        `Git LFS is not fetched: ${few(paths)} ${paths.length === 1 ? 'is a pointer' : 'are pointers'} and not the content. Upload a folder that has the content.`,
      );
}

function largeFiles(tree: SourceTree): SourceNote | null {
  const paths = tree.entries
    .filter((entry) => entry.type === 'file' && entry.size > largeBytes)
    .map(({ path }) => path);
  return paths.length === 0
    ? null
    : note(
        'large-files',
        paths,
        `${few(paths)} ${paths.length === 1 ? 'is' : 'are'} larger than 100 MB: kept, but every first checkpoint and every check copies that.`,
      );
}

async function brokenManifests(tree: SourceTree): Promise<SourceNote[]> {
  const paths = tree.entries
    .map(({ path }) => path)
    .filter((path) => /(^|\/)(package|composer|devfactory)\.json$/.test(path));
  const broken: string[] = [];
  for (const path of paths.slice(0, 100)) {
    const text = await textOf(tree, path);
    if (text !== null && !isJson(text)) broken.push(path);
  }
  return broken.length === 0
    ? []
    : [
        note(
          'broken-manifest',
          broken,
          `${few(broken)} cannot be read as JSON, so what it describes is neither installed nor built.`,
        ),
      ];
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function buildSystems(
  tree: SourceTree,
  {
    recognised,
    toolchains,
  }: { readonly recognised: readonly { readonly title: string }[]; readonly toolchains: readonly Toolchain[] },
): SourceNote | null {
  const seen = markers.flatMap(([pattern, name]) => {
    const entry = tree.entries.find(({ path }) => pattern.test(path));
    return entry ? [{ name, path: entry.path }] : [];
  });
  const paths = seen.map(({ path }) => path);
  const known = toolchains.map(({ title }) => title).join(', ');
  if (recognised.length > 1)
    return note(
      'several-build-systems',
      paths,
      `Several kinds of project in one: ${recognised.map(({ title }) => title).join('; ')}. Those of the root are installed and built, others when a test lies in them; devfactory.json says which one is meant.`,
    );
  if (recognised.length === 1) return null;
  return seen.length === 0
    ? note(
        'no-build-system',
        [],
        `No build system is recognised: files and commands can be checked, nothing is installed or built. Known here: ${known}.`,
      )
    : note(
        'no-build-system',
        paths,
        `${seen.map(({ name }) => name).join(', ')}: there is no toolchain here that takes this as it is, so nothing is installed or built, unless devfactory.json says how. Known here: ${known}.`,
      );
}

function note(kind: SourceNote['kind'], paths: readonly string[], sentence: string): SourceNote {
  return {
    kind,
    paths: paths.slice(0, shownPaths).map((path) => path.slice(0, 300)),
    sentence: sentence.slice(0, 1000),
  };
}

function few(paths: readonly string[]): string {
  const shown = paths.slice(0, 5).map((path) => path.slice(0, 100));
  return paths.length > 5 ? `${shown.join(', ')} and ${paths.length - 5} more` : shown.join(', ');
}

async function textOf(tree: SourceTree, path: string): Promise<string | null> {
  const bytes = await readSource(tree, { path, maxBytes: 1024 * 1024 });
  return bytes === null ? null : Buffer.from(bytes).toString('utf8');
}
