import { createHash } from 'node:crypto';
import { chmod, copyFile, readFile, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Workspace } from '@devfactory/kit';
import { ideEnvironment, ideHome, ideProgram } from './ide-settings.ts';

const require = createRequire(import.meta.url);
const installMs = 60_000;

/** Lays our extension where sandboxes see it; its name there, or null where it was not built or cannot be laid. */
export async function layExtension(directory: string): Promise<string | null> {
  try {
    const vsix = require.resolve('@devfactory/vscode/devfactory.vsix');
    const name = `devfactory-${createHash('sha256')
      .update(await readFile(vsix))
      .digest('hex')
      .slice(0, 12)}.vsix`;
    const place = join(directory, name);
    // Another factory may lay the same at the same time: whole or not at all.
    const draft = `${place}.${process.pid}`;
    await copyFile(vsix, draft);
    await chmod(draft, 0o644);
    await rename(draft, place).catch(async (error: unknown) => {
      await rm(draft, { force: true });
      throw error;
    });
    return name;
  } catch {
    return null;
  }
}

/** Once for each workspace and version, by VS Code's own installer. VS Code works without it: what goes wrong is left at that. */
export async function installExtension(workspace: Workspace, bundle: string, name: string): Promise<void> {
  const script =
    'test "$(cat "$1/extension" 2>/dev/null)" = "$2" || { node "$3" --config /dev/null --user-data-dir "$1" ' +
    '--extensions-dir "$1/extensions" --force --install-extension "/opt/ide/$2" && printf %s "$2" > "$1/extension"; }';
  const argv = ['sh', '-c', script, 'sh', ideHome, name, ideProgram(bundle)];
  await workspace.exec({ argv, env: ideEnvironment, timeoutMs: installMs }).catch(() => undefined);
}
