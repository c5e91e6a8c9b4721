import { limits, type CheckFile } from '@devfactory/contracts';
import type { OwnTests, SourceView } from '@devfactory/kit';
import { projectOf, type Recognised } from '../projects/detect-projects.ts';
import { folderView } from '../projects/in-folder.ts';

const mostFiles = 400;

/** A project and the tests that it brings along. */
export interface TestedProject {
  readonly item: Recognised;
  readonly tests: readonly CheckFile[];
  /** What decides beside them what they ask; some of them may be tests too. */
  readonly support: readonly CheckFile[];
  /** Of each of both, the support that it may use by itself. */
  readonly used: ReadonlyMap<CheckFile, readonly CheckFile[]>;
  /** Files with tests that are too large, or too many. */
  readonly unread: readonly string[];
  /** Of the names of its sandboxes. */
  readonly part: string;
}

/** The projects that bring tests along. Of projects within another of the same kind the innermost has the test, as its check will. */
export async function testedProjects(
  recognised: readonly Recognised[],
  view: SourceView,
): Promise<readonly TestedProject[]> {
  const projects: TestedProject[] = [];
  for (const [index, item] of recognised.entries()) {
    const { toolchain, folder } = item;
    const found: OwnTests = toolchain.ownTests?.(folderView(view, folder).paths) ?? { tests: [], support: [] };
    const inTree = (paths: readonly string[]): string[] =>
      paths
        .map((path) => (folder === '' ? path : `${folder}/${path}`))
        .filter((path) => projectOf(recognised, { toolchain: toolchain.id, tests: [path] }) === item);
    const [tests, beside] = [inTree(found.tests), new Set(inTree(found.support))];
    if (tests.length === 0) continue;
    const read = (path: string): Promise<string | null> => view.read(path);
    const own = await readAll(tests.slice(0, mostFiles), read);
    const readTests = new Set(own.map(({ path }) => path));
    const others = [...beside].filter((path) => !readTests.has(path)).slice(0, mostFiles);
    const support = [...(await readAll(others, read)), ...own.filter(({ path }) => beside.has(path))];
    const unread = tests.filter((path) => !readTests.has(path));
    const uses = (file: CheckFile): CheckFile[] => {
      const may = found.uses?.(file) ?? (() => true);
      return support.filter(({ path }) => may(path));
    };
    const used = new Map([...own, ...support].map((file) => [file, uses(file)]));
    projects.push({ item, tests: own, support, used, unread, part: `s-${toolchain.id}-${index}` });
  }
  return projects;
}

async function readAll(
  paths: readonly string[],
  read: (path: string) => Promise<string | null>,
): Promise<readonly CheckFile[]> {
  const files: CheckFile[] = [];
  for (const path of paths) {
    const content = await read(path);
    if (content !== null && content.length <= limits.checkFileBytes) files.push({ path, content });
  }
  return files;
}
