import {
  closeSync,
  constants,
  fchmodSync,
  futimesSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmdirSync,
  symlinkSync,
  unlinkSync,
} from 'node:fs';
import type { Channel } from '../../protocol/channel.ts';
import { ProtocolError, Refusal } from '../../protocol/protocol-error.ts';
import type { PutEntry } from '../../protocol/requests.ts';
import { breathe } from './breathe.ts';
import type { Folder } from './folder.ts';
import { refusalOf } from './folder.ts';
import { OwnedTree } from './owned-tree.ts';
import { parsePath, shown } from './wire-path.ts';
import { forget, temporary, writeAll } from './write.ts';

const makeFile = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

/** Lays down what the host sends, entry by entry; files bring their bytes. Answers 'done' when all of it stands. */
export async function putMany(channel: Channel, root: string): Promise<void> {
  const tree = new OwnedTree(root);
  try {
    for (;;) {
      const item = await channel.next();
      if (item === null) break;
      await breathe();
      if (item.kind !== 'message') throw new ProtocolError('An entry was expected.');
      await put(channel, tree, item.value as PutEntry);
    }
    await tree.finish();
  } finally {
    tree.close();
  }
  await channel.send({ is: 'done' });
  channel.end();
}

async function put(channel: Channel, tree: OwnedTree, entry: PutEntry): Promise<void> {
  const names = parsePath(entry);
  const name = names.at(-1);
  if (!name) throw new Refusal('path_invalid', 'The workspace itself cannot be laid down.');
  const parent = names.slice(0, -1);
  try {
    if (entry.type === 'directory') putFolder(tree, names, entry.mode);
    else if (entry.type === 'symlink') {
      const target = entry.target;
      tree.change(parent, (folder) =>
        replace(folder, { name, names }, (draft) => symlinkSync(target, folder.at(draft))),
      );
    } else await putFile(channel, { tree, names, name }, entry);
  } catch (error) {
    throw refusalOf(error, names);
  }
}

function putFolder(tree: OwnedTree, names: readonly Buffer[], mode: number): void {
  const name = names.at(-1) ?? Buffer.alloc(0);
  tree.change(names.slice(0, -1), (folder) => {
    const stats = lstatSync(folder.at(name), { throwIfNoEntry: false });
    if (stats && !stats.isDirectory()) unlinkSync(folder.at(name));
    if (!stats?.isDirectory()) mkdirSync(folder.at(name), 0o700);
  });
  // Files still go in: a read-only folder becomes so at the very end.
  tree.setMode(names, mode);
}

async function putFile(
  channel: Channel,
  place: { tree: OwnedTree; names: readonly Buffer[]; name: Buffer },
  entry: PutEntry & { readonly type: 'file' },
): Promise<void> {
  const parent = place.names.slice(0, -1);
  const draft = temporary();
  const fd = place.tree.change(parent, (folder) => openSync(folder.at(draft), makeFile, 0o600));
  try {
    for await (const bytes of channel.data(entry.size)) writeAll(fd, bytes);
    fchmodSync(fd, entry.mode);
    if (entry.mtimeMs !== null) futimesSync(fd, entry.mtimeMs / 1000, entry.mtimeMs / 1000);
    place.tree.change(parent, (folder) => {
      clearWay(folder, place.name, place.names);
      renameSync(folder.at(draft), folder.at(place.name));
    });
  } catch (error) {
    forget(place.tree.folder(parent), draft);
    throw error;
  } finally {
    closeSync(fd);
  }
}

function replace(folder: Folder, at: { name: Buffer; names: readonly Buffer[] }, make: (draft: Buffer) => void): void {
  const draft = temporary();
  make(draft);
  try {
    clearWay(folder, at.name, at.names);
    renameSync(folder.at(draft), folder.at(at.name));
  } catch (error) {
    forget(folder, draft);
    throw error;
  }
}

/** A rename replaces anything but a folder; an empty folder may go. */
function clearWay(folder: Folder, name: Buffer, names: readonly Buffer[]): void {
  if (!lstatSync(folder.at(name), { throwIfNoEntry: false })?.isDirectory()) return;
  try {
    rmdirSync(folder.at(name));
  } catch {
    throw new Refusal('path_taken', `'${shown(names)}' is a folder that is not empty.`);
  }
}
