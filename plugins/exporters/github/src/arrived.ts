import { DomainError, type ArrivedEntry } from '@devfactory/kit';
import { ByteReader } from './byte-reader.ts';
import type { Git } from './git.ts';
import { fetchBranch, type Branch } from './push-tree.ts';

/** The files of the run's branch as it is at GitHub now, fetched into an empty repository. Nothing is checked out, so nothing of it is filtered or run. */
export async function* arrivedBranch(git: Git, place: Branch): AsyncIterable<ArrivedEntry> {
  await fetchBranch(git, place);
  const lines = (await git.run(['ls-tree', '-r', '-z', 'refs/heads/arrived']))
    .split('\0')
    .filter((line) => line !== '');
  const listed = lines.map((line) => {
    const [, mode = '', object = '', path = ''] = /^(\d{6}) \w+ ([0-9a-f]{40})\t(.*)$/s.exec(line) ?? [];
    return { mode, object, path };
  });
  const wanted = listed.map(({ object }) => `${object}\n`);
  const bytes = new ByteReader(git.stream(['cat-file', '--batch'], { input: each(wanted) }));
  try {
    for (const { mode, path } of listed) {
      const [, size] = /^[0-9a-f]{40} blob (\d+)$/.exec(await bytes.line()) ?? [];
      if (size === undefined || !['100644', '100755', '120000'].includes(mode))
        throw new DomainError('arrived_otherwise', 'conflict', {
          message: `What arrived is not the approved tree: "${path.slice(0, 300)}" is no file.`,
        });
      const content = bytes.take(Number(size));
      if (mode === '120000') yield { type: 'symlink', path, target: await textOf(content) };
      else yield { type: 'file', path, executable: mode === '100755', bytes: content };
      // A line's end after each.
      for await (const _ of bytes.take(1));
    }
  } finally {
    await bytes.end();
  }
}

async function* each(lines: readonly string[]): AsyncIterable<string> {
  yield* lines;
}

async function textOf(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytes) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
