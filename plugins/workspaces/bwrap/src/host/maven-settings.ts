import { mkdir, readFile, realpath, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bind } from '../profile.ts';

const secrets = /<(?:password|passphrase|privateKey|username)>/;
const empty = '<settings/>\n';

/**
 * Maven's settings for the whole machine lie beside its programs and in /etc/maven, and may hold passwords of repositories: then an empty
 * file lies over them. A mirror that needs none is told to sandboxes in another way.
 */
export async function coveredSettings(
  shown: readonly Bind[],
  { path, runtimeDir }: { readonly path: readonly string[]; readonly runtimeDir: string },
): Promise<readonly Bind[]> {
  const besidePrograms = path.map((folder) => join(folder, '../conf/settings.xml'));
  const covered = new Set<string>();
  for (const inside of [...besidePrograms, '/etc/maven/settings.xml']) {
    const bind = shown.find(({ at }) => inside.startsWith(`${at}/`));
    const file = await realpath(bind ? bind.from + inside.slice(bind.at.length) : inside).catch(() => null);
    if (file === null || !(await holdsSecrets(file))) continue;
    covered.add(bind && file.startsWith(`${await realpath(bind.from)}/`) ? inside : file);
  }
  if (covered.size === 0) return [];
  const from = join(runtimeDir, 'maven-settings.xml');
  await mkdir(runtimeDir, { recursive: true, mode: 0o755 });
  await writeFile(`${from}.${process.pid}.draft`, empty, { mode: 0o644 });
  await rename(`${from}.${process.pid}.draft`, from);
  return [...covered].map((at) => ({ from, at }));
}

/** What cannot be read here cannot be read in a sandbox either. */
async function holdsSecrets(file: string): Promise<boolean> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return secrets.test(text.replaceAll(/<!--[\s\S]*?-->/g, ''));
}
