import { createHash } from 'node:crypto';
import { canonicalJson, type TestCheck } from '@devfactory/contracts';
import type { TestRun, WorkspaceMount } from '@devfactory/kit';
import { projectOf, type Recognised } from '../../projects/detect-projects.ts';
import { testRunIn } from '../../projects/in-folder.ts';
import type { VerifyRequest } from '../request.ts';
import { foldersOf } from '../sandbox/folders.ts';
import { type Sandboxes, sandboxId } from '../sandbox/sandboxes.ts';

type Files = TestRun['runnerFiles'];
/** A closed folder with one runner's files. Nothing that runs ever writes there, so executions share it. */
export type RunnerPlace = Pick<WorkspaceMount, 'workspace' | 'path'>;

/**
 * The runners of one verification. Each test names controls of its own, so that each has other files; they are laid down many at once, as
 * opening a place for each would take longer than the tests. A check sees the folder of its own runner alone.
 */
export class Runners {
  readonly #sandboxes: Sandboxes;
  readonly #request: Pick<VerifyRequest, 'runId' | 'verificationId'>;
  readonly #laid = new Map<string, Promise<RunnerPlace>>();
  readonly #expected = new Map<string, Files>();

  constructor(sandboxes: Sandboxes, request: Pick<VerifyRequest, 'runId' | 'verificationId'>) {
    this.#sandboxes = sandboxes;
    this.#request = request;
  }

  /** Will be asked for: laid down together with the next that is. */
  expect(files: Files): void {
    this.#expected.set(digestOf(files), files);
  }

  of(files: Files): Promise<RunnerPlace> {
    const digest = digestOf(files);
    const known = this.#laid.get(digest);
    if (known) return known;
    this.#expected.set(digest, files);
    const batch = new Map(this.#expected);
    this.#expected.clear();
    const workspace = sandboxId(this.#request, `r-${digest.slice(0, 12)}`);
    const laying = this.#lay(workspace, batch);
    for (const each of batch.keys()) {
      const place = laying.then(() => ({ workspace, path: each }));
      this.#laid.set(each, place);
      place.catch(() => this.#laid.delete(each));
    }
    return this.of(files);
  }

  async #lay(id: string, batch: ReadonlyMap<string, Files>): Promise<void> {
    const workspace = await this.#sandboxes.open(id);
    const entries = [...batch].flatMap(([digest, files]) =>
      files.map(({ path, content }) => ({
        type: 'file' as const,
        path: `${digest}/${path}`,
        raw: false,
        mode: 0o644,
        bytes: Buffer.from(content, 'utf8'),
        mtimeMs: null,
      })),
    );
    await workspace.files.putMany([...foldersOf(entries), ...entries]);
    await this.#sandboxes.close(id);
  }
}

/** Tells the runners of these tests ahead. */
export function expectRunners(runners: Runners, recognised: readonly Recognised[], specs: readonly TestCheck[]): void {
  for (const spec of specs) {
    const project = projectOf(recognised, spec);
    if (!project) continue;
    const { files, tests } = spec;
    const run = testRunIn(project.toolchain, project.folder, { files, tests, nonce: '', timeoutMs: 0 });
    runners.expect(run.runnerFiles);
  }
}

function digestOf(files: Files): string {
  return createHash('sha256').update(canonicalJson(files)).digest('hex').slice(0, 20);
}
