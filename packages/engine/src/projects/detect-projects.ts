import { type Project, projectFileName, readAnyProjectFile, type SourceView, type Toolchain } from '@devfactory/kit';
import { folderView, inFolder } from './in-folder.ts';

/** One recognised kind in one folder of the tree, with the toolchain that recognised it. Its paths are those of the whole tree. */
export interface Recognised {
  readonly toolchain: Toolchain;
  readonly project: Project;
  /** Relative to the root; '' is the root itself. */
  readonly folder: string;
}

/** Tests by id or file, all of one project. */
export interface TestsOf {
  readonly toolchain: string;
  readonly tests: readonly string[];
}

const deepest = 3;
const mostFolders = 20;
/** Folders of others, of builds, and of what is only shown or tried. */
const passedOver =
  /^(?:\..*|node_modules|vendor|third_party|target|build|dist|out|bin|obj|venv|env|__pycache__|testdata|fixtures|templates|examples?|samples?|docs?)$/;

/**
 * All kinds of project in a tree: of the root, and of folders below that have a manifest of their own, where no folder above is of the
 * same kind already (workspaces and modules are its parts). The one that devfactory.json names is first.
 */
export async function detectProjects(
  toolchains: readonly Toolchain[],
  source: SourceView,
): Promise<readonly Recognised[]> {
  const words = await readAnyProjectFile(source);
  const named = words?.folder ?? '';
  const found: Recognised[] = [];
  for (const folder of ['', ...new Set([...(named === '' ? [] : [named]), ...foldersWithMarks(toolchains, source)])]) {
    const view = viewOf(source, { folder, named });
    for (const toolchain of toolchains) {
      const own = found.filter((other) => other.toolchain === toolchain);
      if (folder !== named && own.some((other) => isBelow(folder, other.folder))) continue;
      if (folder !== '' && folder !== named && !hasMark(toolchain, view)) continue;
      const project = await toolchain.detect(view);
      if (project) found.push({ toolchain, project: inFolder(project, folder), folder });
    }
  }
  const rank = ({ toolchain, folder }: Recognised): number =>
    words !== null && toolchain.id === words.toolchain && folder === named ? 0 : 1;
  return found.toSorted((a, b) => rank(a) - rank(b));
}

/**
 * Those that are installed and built for these tests: what the root is, what devfactory.json names, and what a test lies in. Where the
 * root is of no build system, all of them. A page's tools in a folder of a Python project must not keep that from being checked.
 */
export async function projectsInUse(
  recognised: readonly Recognised[],
  { source, tests }: { readonly source: SourceView; readonly tests: readonly TestsOf[] },
): Promise<readonly Recognised[]> {
  const words = await readAnyProjectFile(source);
  if (words === null && !recognised.some(({ toolchain, folder }) => folder === '' && hasMark(toolchain, source)))
    return recognised;
  const asked = new Set(tests.map((spec) => projectOf(recognised, spec)));
  return recognised.filter(
    (item) =>
      item.folder === '' || asked.has(item) || (item.toolchain.id === words?.toolchain && item.folder === words.folder),
  );
}

/** The innermost project of a test check's kind that all of its tests lie in; undefined when there is none. */
export function projectOf(recognised: readonly Recognised[], spec: TestsOf): Recognised | undefined {
  return recognised
    .filter(({ toolchain, folder }) => toolchain.id === spec.toolchain && spec.tests.every((id) => isBelow(id, folder)))
    .toSorted((a, b) => b.folder.length - a.folder.length)[0];
}

/** What the root's devfactory.json says of a folder is that folder's own. */
function viewOf(
  source: SourceView,
  { folder, named }: { readonly folder: string; readonly named: string },
): SourceView {
  const view = folderView(source, folder);
  if (named === '' || (folder !== '' && folder !== named)) return view;
  const paths = view.paths.filter((path) => path !== projectFileName);
  if (folder === '') return { paths, read: (path) => view.read(path) };
  return {
    paths: [...paths, projectFileName],
    read: (path) => (path === projectFileName ? source.read(path) : view.read(path)),
  };
}

/** The nearest first; few and shallow, as a tree may hold any number. */
function foldersWithMarks(toolchains: readonly Toolchain[], { paths }: SourceView): readonly string[] {
  const marks = new Set([projectFileName, ...toolchains.flatMap((toolchain) => toolchain.marks ?? [])]);
  const folders = new Set<string>();
  for (const path of paths) {
    const parts = path.split('/');
    const name = parts.pop() ?? '';
    if (!marks.has(name) || parts.length === 0 || parts.length > deepest) continue;
    if (!parts.some((part) => passedOver.test(part))) folders.add(parts.join('/'));
  }
  const depth = (folder: string): number => folder.split('/').length;
  return [...folders].toSorted((a, b) => depth(a) - depth(b) || (a < b ? -1 : 1)).slice(0, mostFolders);
}

function hasMark({ marks = [] }: Toolchain, { paths }: SourceView): boolean {
  return paths.some((path) => path === projectFileName || marks.includes(path));
}

function isBelow(path: string, folder: string): boolean {
  return folder === '' || path.startsWith(`${folder}/`);
}
