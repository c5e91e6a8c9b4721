import { createHash } from 'node:crypto';
import { cp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Workspace } from '@devfactory/kit';
import { ideHome, ideSettings } from './ide-settings.ts';

const require = createRequire(import.meta.url);

/** Lays our extension where sandboxes see it; the folder's name there, or null where it was not built or cannot be laid. */
export async function layExtension(directory: string): Promise<string | null> {
  try {
    const built = dirname(require.resolve('@devfactory/vscode/unpacked/package.json'));
    const hash = createHash('sha256');
    for (const name of (await readdir(built)).toSorted()) hash.update(await readFile(join(built, name)));
    const name = `devfactory-${hash.digest('hex').slice(0, 12)}`;
    const place = join(directory, name);
    if ((await readdir(directory)).includes(name)) return name;
    // Another factory may lay the same at the same time: whole or not at all.
    const draft = `${place}.${process.pid}`;
    await cp(built, draft, { recursive: true });
    await rename(draft, place).catch(() => rm(draft, { recursive: true, force: true }));
    return name;
  } catch {
    return null;
  }
}

/**
 * Settings anew at each start, and our extension once for each workspace and version. VS Code takes up what lies in its folder when it first
 * starts, and later finds it there again: its own installer would start it twice more. It works without the extension, too.
 */
export async function furnish(workspace: Workspace, extension: string | null): Promise<void> {
  const script = [
    'mkdir -p "$1/User" "$1/extensions" && cat > "$1/User/settings.json"',
    'test -z "$2" || test "$(cat "$1/extension" 2>/dev/null)" = "$2" && exit 0',
    'rm -rf "$1/extensions/devfactory.run" && cp -R "/opt/ide/$2" "$1/extensions/devfactory.run" && printf %s "$2" > "$1/extension"',
  ].join('\n');
  const stdin = `${JSON.stringify(ideSettings, null, 2)}\n`;
  await workspace.exec({ argv: ['sh', '-c', script, 'sh', ideHome, extension ?? ''], stdin, timeoutMs: 10_000 });
}
