import { execFileSync } from 'node:child_process';
import { git } from '../forge-git.ts';
import { people, type Emulator } from './emulator.ts';

/**
 * Tells the emulator what was pushed to the real repository, object by object through GitHub's own Git Data API. It works out each
 * name anew: one that differs is a fault, so that what the API says of a head is what git holds.
 */
export async function mirror(
  emulator: Emulator,
  { folder, name }: { readonly folder: string; readonly name: string },
): Promise<void> {
  const branches = lines(git(folder, 'for-each-ref', '--format=%(objectname) %(refname)', 'refs/heads'));
  for (const [commit = '', ref = ''] of branches.map((line) => line.split(' '))) {
    for (const each of lines(git(folder, 'rev-list', '--reverse', '--topo-order', commit)))
      await tellCommit(emulator, { folder, name, commit: each });
    const moved = await ask(emulator, `PATCH /repos/${name}/git/${ref}`, { sha: commit });
    if (moved.status === 404) await told(emulator, `/repos/${name}/git/refs`, { ref, sha: commit });
    else if (moved.status !== 200) throw new Error(`emulate: ${ref} is ${moved.status}: ${JSON.stringify(moved.body)}`);
  }
}

async function tellCommit(
  emulator: Emulator,
  { folder, name, commit }: { readonly folder: string; readonly name: string; readonly commit: string },
): Promise<void> {
  if ((await ask(emulator, `GET /repos/${name}/git/commits/${commit}`)).status === 200) return;
  const tree = [];
  for (const line of execFileSync('git', ['ls-tree', '-r', '-z', commit], { cwd: folder }).toString().split('\0')) {
    if (line === '') continue;
    const [, mode, type, sha, path] = /^(\d+) (\w+) (\w+)\t([^]*)$/.exec(line) ?? [];
    const content = execFileSync('git', ['cat-file', 'blob', sha ?? ''], { cwd: folder, maxBuffer: 1 << 28 });
    same(
      sha,
      await told(emulator, `/repos/${name}/git/blobs`, { content: content.toString('base64'), encoding: 'base64' }),
    );
    tree.push({ path, mode, type, sha });
  }
  same(git(folder, 'rev-parse', `${commit}^{tree}`), await told(emulator, `/repos/${name}/git/trees`, { tree }));
  const [author, committer, parents = '', ...message] = lines(
    git(folder, 'log', '-1', '--format=%an%x00%ae%x00%aI%n%cn%x00%ce%x00%cI%n%P%n%B', commit),
  );
  const body = {
    message: `${message.join('\n')}\n`,
    tree: git(folder, 'rev-parse', `${commit}^{tree}`),
    parents: parents === '' ? [] : parents.split(' '),
    author: person(author),
    committer: person(committer),
  };
  same(commit, await told(emulator, `/repos/${name}/git/commits`, body));
}

function person(line = ''): { readonly name: string; readonly email: string; readonly date: string } {
  const [name = '', email = '', date = ''] = line.split('\0');
  return { name, email, date };
}

function same(real: string | undefined, emulated: string): void {
  if (real !== emulated) throw new Error(`emulate calls ${real ?? ''} ${emulated}`);
}

async function told(emulator: Emulator, path: string, body: object): Promise<string> {
  const { status, body: answer } = await ask(emulator, `POST ${path}`, body);
  if (status !== 201) throw new Error(`emulate: ${path} is ${status}: ${JSON.stringify(answer)}`);
  return (answer as { readonly sha: string }).sha;
}

function ask(emulator: Emulator, asked: string, body?: object) {
  const [method = '', path = ''] = asked.split(' ');
  return emulator.ask(people.writer, { method, path, ...(body ? { body } : {}) });
}

function lines(text: string): string[] {
  return text === '' ? [] : text.split('\n');
}
