import { isInsideWorkspace } from '@devfactory/contracts';
import { DomainError, type WalkEntry } from '@devfactory/kit';
import { cutText } from '../text/cut-text.ts';
import { failed, ok, type InputOf, type ToolContext, type ToolOutcome } from './tool.ts';

const readBytes = 2_000_000;
const answerCharacters = 50_000;

/** Lines of a text file, numbered from 1; binary files are named as such. */
export async function read(context: ToolContext, input: InputOf<'read'>): Promise<ToolOutcome> {
  const bytes = await readFile(context, input.path);
  if (bytes.includes(0)) return failed(`${input.path} is binary (${bytes.length} bytes).`);
  const lines = decode(bytes).split('\n');
  const from = input.offset ?? 0;
  const shown = lines.slice(from, from + (input.limit ?? 2000));
  const more =
    from + shown.length < lines.length
      ? `\n… ${lines.length - from - shown.length} more lines; read on with offset ${from + shown.length}.`
      : '';
  return ok(cutText(shown.join('\n'), answerCharacters) + more);
}

export async function write(context: ToolContext, input: InputOf<'write'>): Promise<ToolOutcome> {
  const { files } = await workspaceOf(context, input.path);
  const bytes = new TextEncoder().encode(input.content);
  await files.write(input.path, bytes, input.executable ? { mode: 0o755 } : {});
  return ok(`Wrote ${input.path} (${bytes.length} bytes).`);
}

/** Replaces one exact, unique place. Line ends and a byte-order mark stay as they are in the file. */
export async function edit(context: ToolContext, input: InputOf<'edit'>): Promise<ToolOutcome> {
  const { files } = await workspaceOf(context, input.path);
  const before = decode(await readFile(context, input.path));
  const windows = before.includes('\r\n') && !input.find.includes('\r\n');
  const find = windows ? input.find.replaceAll('\n', '\r\n') : input.find;
  const replace = windows ? input.replace.replaceAll('\n', '\r\n') : input.replace;
  const places = before.split(find).length - 1;
  if (places !== 1)
    return failed(
      places === 0
        ? `The text to find is not in ${input.path}.`
        : `The text to find is in ${input.path} ${places} times; give more of what is around it.`,
    );
  const at = before.indexOf(find);
  await files.write(
    input.path,
    new TextEncoder().encode(before.slice(0, at) + replace + before.slice(at + find.length)),
  );
  return ok(`Edited ${input.path}.`);
}

export async function list(context: ToolContext, input: InputOf<'list'>): Promise<ToolOutcome> {
  const path = input.path ?? '.';
  const { files } = await workspaceOf(context, path);
  const entries = await files.list(path);
  return ok(cutText(entries.map(listLine).join('\n') || `${path} is empty.`, answerCharacters));
}

/** Lines that contain a text, by grep in the sandbox: no regular expression runs on the host. */
export async function search(context: ToolContext, input: InputOf<'search'>): Promise<ToolOutcome> {
  const path = input.path ?? '.';
  if (input.text.includes('\0')) return failed('A text to search for cannot contain a NUL character.');
  const workspace = await workspaceOf(context, path);
  const argv = [
    '/usr/bin/grep',
    '-rnIF',
    '--exclude-dir=.git',
    '--exclude-dir=node_modules',
    '--exclude-dir=.venv',
    '-m',
    '50',
    '-e',
    input.text,
    '--',
    path,
  ];
  const found = await workspace.exec({ argv, timeoutMs: 30_000, outputBytes: answerCharacters });
  if (found.exitCode === 1) return ok('Nothing found.');
  return found.exitCode === 0
    ? ok(cutText(found.stdout, answerCharacters))
    : failed(found.stderr || `The search ended with ${found.exitCode ?? found.signal}.`);
}

async function workspaceOf({ session }: ToolContext, path: string) {
  if (path !== '.' && !isInsideWorkspace(path)) {
    throw new DomainError('path_escapes', 'invalid', {
      message: `${path} is not a relative path inside the workspace.`,
    });
  }
  return session.workspace();
}

async function readFile(context: ToolContext, path: string): Promise<Uint8Array> {
  const { files } = await workspaceOf(context, path);
  return files.read(path, { maxBytes: readBytes });
}

/** UTF-8 with a byte-order mark kept, so that writing gives the same bytes back. */
function decode(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

function listLine(entry: WalkEntry): string {
  if (entry.type === 'directory') return `${entry.path}/`;
  return entry.type === 'symlink' ? `${entry.path} -> ${entry.target}` : `${entry.path} (${entry.size} bytes)`;
}
