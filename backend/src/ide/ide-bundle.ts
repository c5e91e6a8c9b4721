import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { IdeBundleState } from '@devfactory/contracts';
import { trimBundle } from './trim-bundle.ts';

/** What is installed, each by a lock file of ours that names every package and its hash. Where its packages then belong. */
const parts = [
  { name: 'server', into: null },
  { name: 'vscode', into: 'server/node_modules/code-server/lib/vscode/node_modules' },
  { name: 'extensions', into: 'server/node_modules/code-server/lib/vscode/extensions/node_modules' },
] as const;
const locks = fileURLToPath(new URL('../../ide/', import.meta.url));
const require = createRequire(import.meta.url);
const lookMs = 300;
/** Variables that say how a registry is reached; nothing else of ours goes along. */
const passedOn =
  /^(?:PATH|HOME|LANG|(?:NPM_CONFIG_|npm_config_).*|(?:https?|no)_proxy|(?:HTTPS?|NO)_PROXY|NODE_EXTRA_CA_CERTS|SSL_CERT_(?:FILE|DIR))$/;

/** Name of its folder: another lock or another way of trimming is another folder, so that what runs keeps its own. */
export const ideBundleName = stampOf();

export interface IdeBundlePlace {
  /** Every user of this machine may read here; sandboxes see it at /opt/ide. */
  readonly directory: string;
  readonly environment: NodeJS.ProcessEnv;
  /** False when whoever started the factory wants no VS Code. */
  readonly wanted: boolean;
}

/** The VS Code that runs in sandboxes. Too large for everybody's first install, so it is fetched when somebody first wants it. */
export class IdeBundle {
  readonly #place: IdeBundlePlace;
  #state: IdeBundleState;
  #fetching: Promise<void> | null = null;

  constructor(place: IdeBundlePlace) {
    this.#place = place;
    this.#state = !place.wanted ? { is: 'off' } : existsSync(this.#folder) ? { is: 'ready' } : { is: 'absent' };
  }

  get state(): IdeBundleState {
    return this.#state;
  }

  /** What sandboxes see at /opt/ide. */
  get directory(): string {
    return this.#place.directory;
  }

  /** Folder of its programs, below /opt/ide in a sandbox. */
  get name(): string {
    return ideBundleName;
  }

  /** Begins to fetch it, unless it is here or on its way. What became of it is in `state`. */
  fetch(): void {
    if (this.#fetching || this.#state.is === 'off' || this.#state.is === 'ready') return;
    this.#tell('Asking the registry', 0);
    this.#fetching = this.#install()
      .then(
        () => {
          this.#state = { is: 'ready' };
        },
        (error: unknown) => {
          const sentence = error instanceof Error ? error.message : String(error);
          this.#state = { is: 'failed', sentence: sentence.slice(-2_000) };
        },
      )
      .finally(() => {
        this.#fetching = null;
      });
  }

  /** Resolves when nothing is on its way any more. */
  async settled(): Promise<void> {
    await this.#fetching;
  }

  get #folder(): string {
    return join(this.#place.directory, ideBundleName);
  }

  async #install(): Promise<void> {
    const { directory } = this.#place;
    await mkdir(directory, { recursive: true, mode: 0o755 });
    // Drafts of a process that died; only the holder of the data directory is here.
    for (const name of await readdir(directory))
      if (name.endsWith('.draft')) await rm(join(directory, name), { recursive: true, force: true });
    const draft = `${this.#folder}.draft`;
    await mkdir(draft, { mode: 0o755 });
    try {
      const wanted = parts.map(({ name }) => packagesOf(name));
      const all = wanted.reduce((sum, packages) => sum + packages.length, 0);
      let done = 0;
      for (const [index, { name, into }] of parts.entries()) {
        await cp(join(locks, name), join(draft, name), { recursive: true });
        const base = done;
        await this.#npm(join(draft, name), join(draft, 'cache'), async () => {
          const here = await countPackages(join(draft, name, 'node_modules'));
          this.#tell(`Fetching VS Code, package ${base + here} of ${all}`, ((base + here) / all) * 0.95);
        });
        done += wanted[index]?.length ?? 0;
        if (into !== null) await rename(join(draft, name, 'node_modules'), join(draft, into));
      }
      this.#tell('Taking out what this machine has no use for', 0.97);
      await rm(join(draft, 'cache'), { recursive: true, force: true });
      await trimBundle(draft);
      await rename(draft, this.#folder);
    } finally {
      await rm(draft, { recursive: true, force: true });
    }
  }

  #tell(sentence: string, share: number): void {
    this.#state = { is: 'fetching', sentence, share: Math.min(1, Math.max(0, share)) };
  }

  /** npm checks each package against the hash in our lock file, and runs nothing of it. */
  async #npm(folder: string, cache: string, look: () => Promise<void>): Promise<void> {
    const npm = join(dirname(require.resolve('npm/package.json')), 'bin/npm-cli.js');
    const flags = ['--ignore-scripts', '--omit=dev', '--no-audit', '--no-fund', '--no-progress', '--loglevel=error'];
    const child = spawn(process.execPath, [npm, 'ci', ...flags, '--cache', cache], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: Object.fromEntries(Object.entries(this.#place.environment).filter(([name]) => passedOn.test(name))),
    });
    let words = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      words = (words + text).slice(-4_000);
    });
    const timer = setInterval(() => void look().catch(() => undefined), lookMs);
    try {
      const code = await new Promise<number | null>((resolve, reject) => {
        child.once('error', reject);
        child.once('close', resolve);
      });
      if (code !== 0)
        throw new Error(
          `VS Code could not be fetched: npm ended with exit code ${code}. ${words.trim()} It needs a package registry in reach; try again then.`,
        );
    } finally {
      clearInterval(timer);
    }
  }
}

function packagesOf(part: string): readonly string[] {
  const lock = JSON.parse(readFileSync(join(locks, part, 'package-lock.json'), 'utf8')) as { packages: object };
  return Object.keys(lock.packages).filter((path) => path !== '');
}

/** Packages that lie in a folder already: roughly, as nested ones are not looked for. */
async function countPackages(folder: string): Promise<number> {
  const names = await readdir(folder);
  const scopes = names.filter((name) => name.startsWith('@'));
  const scoped = await Promise.all(scopes.map((scope) => readdir(join(folder, scope))));
  return names.length - scopes.length + scoped.flat().length;
}

function stampOf(): string {
  const hash = createHash('sha256').update('trim 1');
  for (const { name } of parts) hash.update(readFileSync(join(locks, name, 'package-lock.json')));
  return hash.digest('hex').slice(0, 16);
}
