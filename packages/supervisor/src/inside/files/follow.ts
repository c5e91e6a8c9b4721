import { readlinkSync } from 'node:fs';
import { Refusal } from '../../protocol/protocol-error.ts';
import { descend } from './folder.ts';
import { shown } from './wire-path.ts';

const maxLinks = 40;
const slash = 0x2f;

/**
 * Where a path leads when symlinks are followed inside the workspace, as names without any symlink among them. A link that leads
 * out, or round in circles, is refused. Someone may swap a part afterwards: whoever opens the answer still follows nothing.
 */
export function followInside(root: string, names: readonly Buffer[]): Buffer[] {
  let done: Buffer[] = [];
  const todo = [...names];
  for (let links = 0; todo.length > 0;) {
    const name = todo.shift();
    if (!name) break;
    const text = name.toString('latin1');
    if (text === '' || text === '.') continue;
    if (text === '..') {
      if (done.length === 0) throw escapes(names);
      done = done.slice(0, -1);
      continue;
    }
    const target = linkTarget(root, done, name);
    if (target === null) {
      done.push(name);
      continue;
    }
    if (++links > maxLinks) throw new Refusal('symlink_refused', `'${shown(names)}' follows links round in circles.`);
    todo.unshift(...splitTarget(root, target, names));
    if (target[0] === slash) done = [];
  }
  return done;
}

function linkTarget(root: string, parent: readonly Buffer[], name: Buffer): Buffer | null {
  const folder = descend(root, parent);
  try {
    // One look, since a second one may find something else there. What is no link, or not there, is for whoever opens it to say.
    return readlinkSync(folder.at(name), { encoding: 'buffer' });
  } catch {
    return null;
  } finally {
    folder.close();
  }
}

function splitTarget(root: string, target: Buffer, names: readonly Buffer[]): Buffer[] {
  let rest = target;
  if (target[0] === slash) {
    const prefix = Buffer.from(`${root}/`);
    if (target.equals(Buffer.from(root))) return [];
    if (!target.subarray(0, prefix.length).equals(prefix)) throw escapes(names);
    rest = target.subarray(prefix.length);
  }
  const parts: Buffer[] = [];
  for (let start = 0; start <= rest.length;) {
    const end = rest.indexOf(slash, start);
    parts.push(rest.subarray(start, end < 0 ? rest.length : end));
    start = end < 0 ? rest.length + 1 : end + 1;
  }
  return parts;
}

function escapes(names: readonly Buffer[]): Refusal {
  return new Refusal('path_escapes', `'${shown(names)}' leads out of the workspace.`);
}
