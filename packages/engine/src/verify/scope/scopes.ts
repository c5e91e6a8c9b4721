import { createHash } from 'node:crypto';
import { canonicalJson, type Check, type ManifestEntry, type TestCheck } from '@devfactory/contracts';
import { readAnyProjectFile, type SourceTree } from '@devfactory/kit';
import { keyOf } from '../../checkpoints/paths.ts';
import { detectProjects, projectOf, projectsInUse, type Recognised } from '../../projects/detect-projects.ts';
import { testRunIn } from '../../projects/in-folder.ts';
import { lockedFiles, lockedSpec, lockedTests } from '../prepare/locked-spec.ts';
import { readSource, sourceView, withFiles } from '../prepare/source-view.ts';
import type { VerifyDeps } from '../request.ts';
import { isCode, isMapping, reachableCode } from './reachable.ts';
import { surroundings } from './surroundings.ts';

/** The part of a source tree that a check gets to see, and what its answer therefore hangs on. */
export interface Scope {
  /** Keys of the tree's entries that are laid down. */
  readonly keys: ReadonlySet<string>;
  /** Files that are left out. */
  readonly leftOut: number;
  /** SHA-256 over the check, what it sees, and the tools that run it: the same again gives the same answer. */
  readonly inputs: string;
}

const fileBytes = 512 * 1024;
/** Grows when the verifier itself runs checks in another way. */
const version = 1;

/**
 * Which part of one tree each check of a plan sees. Tests of languages that load files by name see no code that they cannot name, as long
 * as nothing of the tree is built; all other checks see all of it. What a check sees is a function of the tree, the check and the plan.
 */
export class Scopes {
  readonly #deps: VerifyDeps;
  readonly #tree: SourceTree;
  readonly #plan: readonly Check[];
  #known: Promise<Known> | undefined;

  constructor(deps: VerifyDeps, tree: SourceTree, plan: readonly Check[]) {
    this.#deps = deps;
    this.#tree = tree;
    this.#plan = plan;
  }

  /** Null for a check that sees all of the tree. Throws what reading the tree or the check throws. */
  async of(check: Check): Promise<Scope | null> {
    if (check.kind !== 'test') return null;
    const spec = await lockedSpec(this.#deps.blobs, check);
    if (spec.kind !== 'test' || !spec.tests.every((id) => isCode(id.split('::')[0] ?? ''))) return null;
    const known = await (this.#known ??= this.#look());
    const project = projectOf(known.recognised, spec);
    if (!project || known.recognised.some((item) => item.project.build.length > 0)) return null;
    const laidOver = new Set(spec.files.map(({ path }) => path));
    const files = new Map([...known.code].filter(([path]) => !laidOver.has(path)));
    const reached = reachableCode(files, [...spec.files.map(({ content }) => content), ...known.mappings]);
    if (reached === null || reached.size === files.size) return null;
    const seen = this.#tree.entries.filter((entry) => {
      const { path } = entry;
      return 'raw' in entry || entry.type !== 'file' || !known.code.has(path) || reached.has(path);
    });
    return {
      keys: new Set(seen.map(keyOf)),
      leftOut: this.#tree.entries.length - seen.length,
      inputs: this.#digest({ check, spec, project, seen, known }),
    };
  }

  #digest(given: {
    readonly check: Check;
    readonly spec: TestCheck;
    readonly project: Recognised;
    readonly seen: readonly ManifestEntry[];
    readonly known: Known;
  }): string {
    const { check, spec, project, seen, known } = given;
    const { files, tests } = spec;
    const run = testRunIn(project.toolchain, project.folder, { files, tests, nonce: '', timeoutMs: check.timeoutMs });
    const hash = createHash('sha256').update(
      canonicalJson([
        version,
        known.machine,
        known.setting,
        check.spec,
        check.timeoutMs,
        run.command.argv,
        run.runnerFiles,
      ]),
    );
    for (const entry of seen) {
      const what =
        entry.type === 'symlink' ? entry.target : entry.type === 'file' ? `${entry.mode} ${entry.object}` : '';
      hash.update(`\0${keyOf(entry)}\0${entry.type} ${what}`);
    }
    return hash.digest('hex');
  }

  async #look(): Promise<Known> {
    const { blobs, toolchains, driver } = this.#deps;
    const tree = this.#tree;
    const view = withFiles(sourceView(tree), await lockedFiles(blobs, this.#plan));
    const all = await detectProjects(toolchains, view);
    const recognised = await projectsInUse(all, { source: view, tests: await lockedTests(blobs, this.#plan) });
    const code = new Map<string, string>();
    const mappings: string[] = [];
    for (const entry of tree.entries) {
      if (entry.type !== 'file' || 'raw' in entry || !(isCode(entry.path) || isMapping(entry.path))) continue;
      const bytes = await readSource(tree, { path: entry.path, maxBytes: fileBytes });
      // What is too large to be read is always seen, and may name anything.
      if (bytes === null) mappings.push('eval(');
      else if (isCode(entry.path)) code.set(entry.path, Buffer.from(bytes).toString('utf8'));
      else mappings.push(Buffer.from(bytes).toString('utf8'));
    }
    const objects = new Map(tree.entries.map((entry) => [entry.path, entry.type === 'file' ? entry.object : '']));
    const services = (await readAnyProjectFile(view))?.services ?? [];
    const setting = recognised.map(({ toolchain, project, folder }) => [
      toolchain.id,
      folder,
      { ...project, serve: null },
      project.manifests.map((path) => objects.get(path) ?? ''),
    ]);
    return {
      recognised,
      code,
      mappings,
      setting: canonicalJson([setting, services]),
      machine: await surroundings(driver.id),
    };
  }
}

interface Known {
  readonly recognised: readonly Recognised[];
  /** Code of the tree, by path. */
  readonly code: ReadonlyMap<string, string>;
  /** Texts that say which file a name means. */
  readonly mappings: readonly string[];
  /** How the tree is installed and tested, in words. */
  readonly setting: string;
  readonly machine: string;
}
