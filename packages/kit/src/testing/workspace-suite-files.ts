import { expect, test } from 'vitest';
import type { RestoreEntry, Workspace } from '../workspace.ts';
import { shell, suiteLimits } from './workspace-stage.ts';
import type { Workspaces } from './workspace-stage.ts';
import { escapeTests, readAndWriteTests } from './workspace-suite-reading.ts';

/** Names, modes and kinds that projects really have and tools often lose. */
const oddFolder = String.raw`
set -e
printf 'a\r\nb\r\n' > crlf; : > empty; printf 'a\0b' > nul
mkdir -p hollow/in/side nested/.git/refs 'sp ace/new
line' modes
echo x > 'sp ace/new
line/"quoted" $name'; echo ref > nested/.git/HEAD; ln -s ../crlf nested/link
printf y > "$(printf 'caf\351')"; mkdir "$(printf 'd\377r')"; echo z > "$(printf 'd\377r/in')"; ln -s nowhere "$(printf 'l\376nk')"
ln -s /etc/passwd outward; ln -s . round; ln -s missing/target dangling
for mode in 400 444 600 755 711 1755 2755 4755; do echo $mode > modes/$mode; chmod $mode modes/$mode; done
mkdir locked; echo in > locked/file; chmod 555 locked; mkdir 1777; chmod 1777 1777
echo a > base64:Y2Fm; echo 2001 > old; touch -d '2001-02-03 04:05:06.789' old
`;

/** Every path with kind, mode and link target, and the bytes of every file, as the workspace itself sees them. */
const picture = String.raw`find . -mindepth 1 -printf '%P|%y|%m|%l\n' | LC_ALL=C sort; find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum`;

/** What every driver promises of files. */
export function fileTests(shared: () => Workspace, workspaces: () => Workspaces): void {
  readAndWriteTests(shared);
  escapeTests(shared);
  walkTests(workspaces);
  roundTripTests(workspaces);
  partTests(workspaces);
}

function walkTests(workspaces: () => Workspaces): void {
  test('the walk sees everything, names what it cannot read, and opens nothing special', async () => {
    const workspace = await workspaces().open('suite-walk');
    await shell(
      workspace,
      'mkdir -p b/c a; echo x > b/c/f; ln -s b a/link; mkfifo fifo; echo x > closed; chmod 000 closed; mkdir shut; touch shut/in; chmod 000 shut; touch "$(printf "\\377")"',
    );
    const { entries } = await workspace.files.walk();
    expect(entries.map((entry) => [entry.path, entry.raw, entry.type, entry.unreadable])).toEqual([
      ['a', false, 'directory', null],
      ['a/link', false, 'symlink', null],
      ['b', false, 'directory', null],
      ['b/c', false, 'directory', null],
      ['b/c/f', false, 'file', null],
      ['closed', false, 'file', 'EACCES'],
      ['fifo', false, 'special', null],
      ['shut', false, 'directory', 'EACCES'],
      ['/w==', true, 'file', null],
    ]);
    expect(entries[1]?.target).toBe('b');
  });

  test('the stamp of a file changes with its content, also when its time is set back', async () => {
    const workspace = await workspaces().open('suite-stamp');
    await shell(workspace, 'echo one > f; touch -d 2020-01-01 f');
    const [before] = (await workspace.files.walk()).entries;
    const [same] = (await workspace.files.walk()).entries;
    await shell(workspace, 'echo two > f; touch -d 2020-01-01 f');
    const [after] = (await workspace.files.walk()).entries;
    expect(same?.stamp).toBe(before?.stamp);
    expect(after?.stamp).not.toBe(before?.stamp);
  });

  test('what is read right after it changed is fresh, and is not a little later', async () => {
    const workspace = await workspaces().open('suite-fresh');
    const asked = [{ path: 'f', raw: false }];
    const read = async (): Promise<boolean | undefined> => {
      for await (const { fresh } of workspace.files.readMany(asked)) return fresh;
      return undefined;
    };
    await shell(workspace, 'echo one > f; sleep 0.1');
    expect(await read()).toBe(false);
    await workspace.files.write('f', Buffer.from('two'));
    expect(await read()).toBe(true);
  });

  test('a walk after changes sees what one sees that remembers nothing', async () => {
    const workspace = await workspaces().open('suite-differs');
    await shell(workspace, 'mkdir -p a/b/c d; echo 1 > a/b/c/f; echo 1 > a/x; ln -s x d/l; echo 1 > e');
    await workspace.files.walk();
    await shell(
      workspace,
      'rm -r a/b; echo 2 > a/b; mv d a/d; chmod 700 a; rm e; mkdir -p e/f; touch a-b package.json; mkdir node_modules',
    );
    const { entries, leftOut } = await workspace.files.walk();
    await workspace.close();
    expect(await (await workspaces().open('suite-differs')).files.walk()).toEqual({ entries, leftOut });
    expect(entries.map(({ path }) => path)).toEqual([
      'a',
      'a/b',
      'a/d',
      'a/d/l',
      'a/x',
      'a-b',
      'e',
      'e/f',
      'package.json',
    ]);
    expect(leftOut).toEqual(['node_modules']);
  });

  test('caches that can be made again are left out and named; look-alikes are not', async () => {
    const workspace = await workspaces().open('suite-caches');
    await shell(
      workspace,
      'mkdir -p js/node_modules/x py/env rust/target java/target plain/target plain/node_modules py/__pycache__ nested/.git; touch js/package.json py/env/pyvenv.cfg rust/Cargo.toml java/pom.xml nested/.git/HEAD; touch js/node_modules/x/y',
    );
    const { entries, leftOut } = await workspace.files.walk();
    expect([...leftOut].sort()).toEqual(['java/target', 'js/node_modules', 'py/__pycache__', 'py/env', 'rust/target']);
    const paths = entries.map((entry) => entry.path);
    expect(paths).toEqual(expect.arrayContaining(['plain/target', 'plain/node_modules', 'nested/.git/HEAD']));
    expect(paths.some((path) => path.includes('node_modules/x'))).toBe(false);
  });
}

function roundTripTests(workspaces: () => Workspaces): void {
  test('an odd folder that is read and laid down elsewhere is the same, and can be taken away again', async () => {
    const first = await workspaces().open('suite-odd');
    await shell(first, oddFolder);
    const copy = await workspaces().open('suite-copy');
    await copy.files.putMany(await entriesOf(first));
    expect(await shell(copy, picture)).toBe(await shell(first, picture));
    expect(await shell(copy, 'stat -c %.3Y old')).toBe(await shell(first, 'stat -c %.3Y old'));
    await copy.files.putMany(await entriesOf(first));
    expect(await shell(copy, picture)).toBe(await shell(first, picture));
    const { entries } = await copy.files.walk();
    await shell(copy, 'touch hollow/in/side/more');
    await copy.files.removeMany(entries);
    await copy.files.removeMany(entries);
    expect((await copy.files.walk()).entries.map((entry) => entry.path)).toEqual([
      'hollow',
      'hollow/in',
      'hollow/in/side',
      'hollow/in/side/more',
    ]);
  });

  test('laying down replaces one kind with another, and refuses to lose a folder that holds something', async () => {
    const workspace = await workspaces().open('suite-replace');
    await shell(workspace, 'mkdir -p empty full; touch full/x; ln -s /home/dev link; echo old > file');
    const bytes = Buffer.from('new');
    const file = { type: 'file', raw: false, mode: 0o644, bytes, mtimeMs: null } as const;
    await workspace.files.putMany([
      { ...file, path: 'empty' },
      { type: 'directory', path: 'link', raw: false, mode: 0o755 },
      { ...file, path: 'link/in' },
      { type: 'symlink', path: 'file', raw: false, target: 'empty' },
    ]);
    expect(await shell(workspace, 'cat empty link/in; readlink file; ls ~')).toBe('newnewempty\n');
    await expect(workspace.files.putMany([{ ...file, path: 'full' }])).rejects.toMatchObject({ code: 'path_taken' });
    await shell(workspace, 'ln -s /home/dev out');
    await expect(workspace.files.putMany([{ ...file, path: 'out/x' }])).rejects.toMatchObject({
      kind: expect.any(String) as string,
    });
    expect(await shell(workspace, 'ls ~; ls')).toBe('empty\nfile\nfull\nlink\nout\n');
  });

  test('contents come in the order asked for, null for what is gone', async () => {
    const workspace = await workspaces().open('suite-many');
    await shell(workspace, 'for i in $(seq 300); do echo $i > f$i; done; mkfifo p; ln -s f1 l');
    const paths = ['f300', 'missing', 'f1', 'p', 'l', ...Array.from({ length: 250 }, (_, index) => `f${index + 2}`)];
    const got: string[] = [];
    for await (const { path, bytes } of workspace.files.readMany(paths.map((path) => ({ path, raw: false })))) {
      got.push(bytes === null ? `${path}:null` : `${path}:${Buffer.from(bytes).toString().trim()}`);
    }
    expect(got.slice(0, 6)).toEqual(['f300:300', 'missing:null', 'f1:1', 'p:null', 'l:null', 'f2:2']);
    expect(got.length).toBe(paths.length);
    for await (const { bytes } of workspace.files.readMany([
      { path: 'f1', raw: false },
      { path: 'f2', raw: false },
    ])) {
      expect(bytes?.length).toBe(2);
      break;
    }
    expect(Buffer.from(await workspace.files.read('f7')).toString()).toBe('7\n');
  });
}

function partTests(workspaces: () => Workspaces): void {
  test('a file of two gigabytes is read and written in parts, and the rest goes on', async () => {
    const workspace = await workspaces().open('suite-large', { limits: { ...suiteLimits, diskBytes: 3_000_000_000 } });
    const { files } = workspace;
    if (!files.readPart || !files.writePart) return;
    await shell(workspace, 'truncate -s 2200000000 large; printf end >> large; chmod 444 large');
    const file = { path: 'large', raw: false };
    const [entry] = (await files.walk()).entries;
    expect(entry).toMatchObject({ size: 2_200_000_003, mode: 0o444 });
    const end = await files.readPart(file, { offset: 2_200_000_000, length: 1_000_000 });
    expect(end).toMatchObject({ bytes: Buffer.from('end'), stamp: entry?.stamp });
    expect((await files.readPart(file, { offset: 9_000_000_000, length: 10 })).bytes?.length).toBe(0);
    expect((await files.readPart({ path: 'none', raw: false }, { offset: 0, length: 10 })).bytes).toBeNull();
    const bytes = Buffer.alloc(3_000_000, 'z');
    await files.writePart(file, { offset: 1_000_000_000, bytes, mtimeMs: 981_173_106_789 });
    const back = await files.readPart(file, { offset: 1_000_000_000, length: bytes.length });
    expect(Buffer.compare(back.bytes ?? Buffer.alloc(0), bytes)).toBe(0);
    expect(await shell(workspace, 'stat -c "%s %a %.3Y" large')).toBe('2200000003 444 981173106.789\n');
    await shell(workspace, 'ln -s large link; mkfifo fifo');
    for (const path of ['link', 'fifo', 'none']) {
      await expect(files.writePart({ path, raw: false }, { offset: 0, bytes, mtimeMs: null })).rejects.toMatchObject({
        name: 'DomainError',
      });
    }
  });
}

async function entriesOf(workspace: Workspace): Promise<RestoreEntry[]> {
  const { entries } = await workspace.files.walk();
  const contents = new Map<string, Uint8Array | null>();
  for await (const { path, bytes } of workspace.files.readMany(entries.filter((entry) => entry.type === 'file')))
    contents.set(path, bytes);
  return entries.map(({ path, raw, type, mode, mtimeMs, target }): RestoreEntry => {
    if (type === 'symlink') return { type, path, raw, target: target ?? '' };
    if (type === 'file') return { type, path, raw, mode, mtimeMs, bytes: contents.get(path) ?? new Uint8Array() };
    return { type: 'directory', path, raw, mode };
  });
}
