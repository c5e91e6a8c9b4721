import type { Workspace } from '@devfactory/kit';
import { cutText } from '../text/cut-text.ts';
import { failed, ok, type InputOf, type ToolContext, type ToolOutcome } from './tool.ts';
import { workspaceOf } from './workspace-of.ts';

const answerCharacters = 50_000;
const timeoutMs = 30_000;
const notFound = 127;
const withoutRipgrep = new WeakSet<Workspace>();

const ripgrep =
  'rg --no-config --no-heading --with-filename --line-number --fixed-strings --hidden --color=never --sort=path --max-count=50 --max-columns=500 --max-columns-preview --glob=!.git --glob=!node_modules --glob=!.venv';
const grep = '/usr/bin/grep -rnIF --exclude-dir=.git --exclude-dir=node_modules --exclude-dir=.venv -m 50';

/**
 * Lines that contain a text, by ripgrep where the sandbox has it, which leaves out what the project's ignore rules name, else by grep. No
 * regular expression runs on the host, and none is made of the text.
 */
export async function search(context: ToolContext, input: InputOf<'search'>): Promise<ToolOutcome> {
  const path = input.path ?? '.';
  if (input.text.includes('\0')) return failed('A text to search for cannot contain a NUL character.');
  const workspace = await workspaceOf(context, path);
  const found = (await byRipgrep(workspace, input.text, path)) ?? (await byGrep(workspace, input.text, path));
  if (found.exitCode === 1) return ok('Nothing found.');
  // Both say 2 when some file could not be read, whatever they found in others.
  if (found.exitCode === 0 || found.stdout !== '') return ok(cutText(found.stdout, answerCharacters));
  return failed(found.stderr || `The search ended with ${found.exitCode ?? found.signal}.`);
}

async function byRipgrep(workspace: Workspace, text: string, path: string) {
  if (withoutRipgrep.has(workspace)) return null;
  const argv = [...ripgrep.split(' '), '-e', text, '--', path];
  const found = await workspace.exec({ argv, timeoutMs, outputBytes: answerCharacters });
  if (found.exitCode !== notFound) return found;
  withoutRipgrep.add(workspace);
  return null;
}

function byGrep(workspace: Workspace, text: string, path: string) {
  const argv = [...grep.split(' '), '-e', text, '--', path];
  return workspace.exec({ argv, timeoutMs, outputBytes: answerCharacters });
}
