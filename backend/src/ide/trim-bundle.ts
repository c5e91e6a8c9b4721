import { execFile } from 'node:child_process';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const vscode = 'server/node_modules/code-server/lib/vscode';
/** Extensions that call out, ask for an account elsewhere, or draw what nobody here looks at (47 MB for diagrams). */
const extensions = ['copilot', 'github', 'microsoft-authentication', 'mermaid-markdown-features', 'tunnel-forwarding'];
/** Folders with one native binary for each platform. */
const natives = ['node-pty/prebuilds', '@vscode/ripgrep-universal/bin'];

/** Takes out of a fetched VS Code what does not run here, and lets every user read the rest. From 394 MB to about 180. */
export async function trimBundle(folder: string): Promise<void> {
  for (const name of extensions) await rm(join(folder, vscode, 'extensions', name), { recursive: true, force: true });
  for (const native of natives) {
    const place = join(folder, vscode, 'node_modules', native);
    for (const name of await readdir(place).catch(() => []))
      if (name !== `linux-${process.arch}`) await rm(join(place, name), { recursive: true, force: true });
  }
  const run = promisify(execFile);
  await run('find', [folder, '-type', 'f', '(', '-name', '*.map', '-o', '-name', '*.d.ts', ')', '-delete']);
  await run('chmod', ['-R', 'u+rwX,go+rX,go-w', folder]);
}
