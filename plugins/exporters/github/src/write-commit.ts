import type { ManifestEntry } from '@devfactory/contracts';
import { DomainError, type SourceTree } from '@devfactory/kit';
import type { Git } from './git.ts';

export const committer = 'AI DevFactory <devfactory@localhost>';

interface CommitRequest {
  readonly ref: string;
  /** The first is what its branch stood on. */
  readonly parents: readonly string[];
  readonly message: string;
  readonly tree: SourceTree;
}

/**
 * Writes a commit that holds exactly `tree`, whatever its parent holds. The bytes come from the tree alone; git makes the objects.
 * Gives the names of the commit and of git's tree. Throws export_path for a name that git cannot carry.
 */
export async function writeCommit(git: Git, request: CommitRequest): Promise<{ commit: string; tree: string }> {
  for (const entry of request.tree.entries) checkName(entry);
  await git.run(['fast-import', '--quiet', '--force', '--date-format=raw', '--done'], {
    input: stream(request, await dateAfter(git, request.parents)),
  });
  const names = await git.run(['rev-parse', request.ref, `${request.ref}^{tree}`]);
  const [commit = '', tree = ''] = names.trim().split('\n');
  return { commit, tree };
}

/** The parent's second, so that the same tree on the same parent is the same commit, whoever makes it when. */
async function dateAfter(git: Git, [parent]: readonly string[]): Promise<string> {
  if (parent === undefined) return `${Math.floor(Date.now() / 1000)} +0000`;
  return `${(await git.run(['log', '-1', '--format=%ct', parent])).trim()} +0000`;
}

async function* stream(
  { ref, parents, message, tree }: CommitRequest,
  date: string,
): AsyncIterable<Uint8Array | string> {
  yield `commit ${ref}\ncommitter ${committer} ${date}\n${data(message)}\n`;
  const [first, ...merged] = parents;
  if (first !== undefined) yield `from ${first}\n`;
  for (const parent of merged) yield `merge ${parent}\n`;
  yield 'deleteall\n';
  for (const entry of tree.entries) {
    if (entry.type === 'directory') continue;
    if (entry.type === 'symlink') {
      yield `M 120000 inline ${quoted(entry.path)}\n${data(entry.target)}\n`;
      continue;
    }
    yield `M ${entry.mode & 0o100 ? '100755' : '100644'} inline ${quoted(entry.path)}\ndata ${entry.size}\n`;
    let left = entry.size;
    for await (const chunk of tree.read(entry)) {
      left -= chunk.length;
      yield chunk;
    }
    // Else the rest of the stream would be read as the file's bytes.
    if (left !== 0)
      throw new DomainError('checkpoint_broken', 'unavailable', {
        message: `"${entry.path}" has another size than its checkpoint names. Restore the blob store from a backup.`,
      });
    yield '\n';
  }
  yield '\ndone\n';
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}`;
}

function quoted(path: string): string {
  return `"${path.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}

function checkName(entry: ManifestEntry): void {
  const why = entry.raw
    ? 'its name is not UTF-8'
    : entry.path.split('/').some((part) => /^(?:\.git|git~1|\.{1,2}|)$/i.test(part))
      ? 'git keeps such names for itself'
      : null;
  if (why === null) return;
  throw new DomainError('export_path', 'conflict', {
    message: `"${entry.path.slice(0, 300)}" cannot be in a pull request: ${why}. Ask for it to be renamed, then verify and approve again.`,
  });
}
