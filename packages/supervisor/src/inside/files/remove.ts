import { lstatSync, readdirSync, rmdirSync, unlinkSync } from 'node:fs';
import type { Channel } from '../../protocol/channel.ts';
import { ProtocolError, Refusal } from '../../protocol/protocol-error.ts';
import type { WirePath } from '../../protocol/requests.ts';
import { breathe } from './breathe.ts';
import { codeOf, refusalOf } from './folder.ts';
import { OwnedTree } from './owned-tree.ts';
import { parsePath } from './wire-path.ts';

/** Removes a file, or a folder with all that is in it; symlinks themselves, never what they point at. */
export async function remove(channel: Channel, root: string, path: string): Promise<void> {
  const names = parsePath({ path, raw: false });
  if (names.length === 0) throw new Refusal('path_invalid', 'The workspace itself cannot be removed.');
  const tree = new OwnedTree(root);
  try {
    await removeTree(tree, names);
    await tree.finish();
  } catch (error) {
    if (!isMissing(error)) throw refusalOf(error, names);
  } finally {
    tree.close();
  }
  await channel.send({ is: 'done' });
  channel.end();
}

/** Removes exactly the paths that the host names, in its order. A folder that still holds something stays. Answers 'done'. */
export async function removeMany(channel: Channel, root: string): Promise<void> {
  const tree = new OwnedTree(root);
  try {
    for (;;) {
      const item = await channel.next();
      if (item === null) break;
      if (item.kind !== 'message' || !Array.isArray(item.value))
        throw new ProtocolError('A list of paths was expected.');
      for (const path of item.value as WirePath[]) {
        removeOne(tree, parsePath(path));
        await breathe();
      }
    }
    await tree.finish();
  } finally {
    tree.close();
  }
  await channel.send({ is: 'done' });
  channel.end();
}

function removeOne(tree: OwnedTree, names: readonly Buffer[]): void {
  const name = names.at(-1);
  if (!name) throw new Refusal('path_invalid', 'The workspace itself cannot be removed.');
  try {
    tree.change(names.slice(0, -1), (parent) => {
      if (lstatSync(parent.at(name)).isDirectory()) {
        rmdirSync(parent.at(name));
        tree.forgetMode(names);
      } else unlinkSync(parent.at(name));
    });
  } catch (error) {
    if (!isMissing(error) && codeOf(error) !== 'ENOTEMPTY') throw refusalOf(error, names);
  }
}

async function removeTree(tree: OwnedTree, names: readonly Buffer[]): Promise<void> {
  const parent = names.slice(0, -1);
  const name = names.at(-1) ?? Buffer.alloc(0);
  if (tree.change(parent, (folder) => !lstatSync(folder.at(name)).isDirectory())) {
    tree.change(parent, (folder) => unlinkSync(folder.at(name)));
    return;
  }
  for (const child of tree.change(names, (folder) => readdirSync(folder.path, { encoding: 'buffer' }))) {
    await removeTree(tree, [...names, child]);
    await breathe();
  }
  tree.change(parent, (folder) => rmdirSync(folder.at(name)));
  tree.forgetMode(names);
}

function isMissing(error: unknown): boolean {
  return codeOf(error) === 'ENOENT' || (error instanceof Refusal && error.code === 'file_missing');
}
