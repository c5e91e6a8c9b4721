import { createHash } from 'node:crypto';
import { ApiError } from '@devfactory/client';
import { beforeEach, describe, expect, test } from 'vitest';
import { OpenFile } from './open-file.ts';
import { smallestChange } from './smallest-change.ts';

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A workspace of one file, as the server keeps its word about it. */
class OneFile {
  text: string | null = 'one\n';
  writes = 0;
  fails = false;

  readonly fileNow = async (_run: string, path: string) => {
    if (this.text === null) throw refusal('file_missing', 404);
    return { path, text: this.text, digest: digest(this.text), size: this.text.length, why: '' };
  };

  readonly writeFile = async (_run: string, file: { path: string; expected: string | null; content: Blob }) => {
    const text = await file.content.text();
    if (this.fails) throw refusal('database_unavailable', 424);
    const now = this.text === null ? null : digest(this.text);
    if (now !== file.expected && now !== digest(text))
      throw refusal('file_changed', 409, { digest: now, text: this.text });
    this.text = text;
    this.writes++;
    return { path: file.path, digest: digest(text), seq: this.writes };
  };
}

function refusal(code: string, status: number, current?: { digest: string | null; text: string | null }): ApiError {
  return new ApiError({ type: 'about:blank', title: '', status, code, detail: code, ...(current ? { current } : {}) });
}

describe('a file that is edited', () => {
  let server: OneFile;
  let kept: Map<string, string>;
  const open = async (): Promise<OpenFile> => {
    const file = new OpenFile({
      runs: server,
      runId: 'run_a',
      path: 'a.txt',
      drafts: {
        getItem: (key) => kept.get(key) ?? null,
        setItem: (key, value) => void kept.set(key, value),
        removeItem: (key) => void kept.delete(key),
      },
      pauseMs: 60_000,
    });
    await file.read();
    return file;
  };
  beforeEach(() => {
    server = new OneFile();
    kept = new Map();
  });

  test('is saved on condition, and forgets its draft then', async () => {
    const file = await open();
    file.type('two\n');
    expect(file.look().saving).toBe('unsaved');
    expect(kept.size).toBe(1);
    await file.save();
    expect(server.text).toBe('two\n');
    expect(file.look()).toMatchObject({ saving: 'saved', theirs: null });
    expect(kept.size).toBe(0);
  });

  test('shows both sides when somebody else was faster, and either side can be taken', async () => {
    for (const how of ['theirs', 'mine'] as const) {
      server.text = 'one\n';
      const file = await open();
      file.type('mine\n');
      server.text = 'theirs\n';
      await file.save();
      expect(file.look()).toMatchObject({ text: 'mine\n', theirs: { text: 'theirs\n' }, saving: 'unsaved' });
      expect(server.text).toBe('theirs\n');
      await file.settle(how);
      expect(server.text).toBe(how === 'mine' ? 'mine\n' : 'theirs\n');
      expect(file.look()).toMatchObject({ text: server.text, theirs: null, saving: 'saved' });
      expect(kept.size).toBe(0);
    }
  });

  test('takes in what the agent wrote while nothing is unsaved, and asks while something is', async () => {
    const file = await open();
    server.text = 'of the agent\n';
    await file.read();
    expect(file.look()).toMatchObject({ text: 'of the agent\n', loads: 2 });
    file.type('typed\n');
    server.text = 'of the agent again\n';
    await file.read();
    expect(file.look()).toMatchObject({ text: 'typed\n', theirs: { text: 'of the agent again\n' } });
  });

  test('comes back unsaved after a reload, as a question where the file changed meanwhile', async () => {
    (await open()).type('typed\n');
    const again = await open();
    expect(again.look()).toMatchObject({ text: 'typed\n', saving: 'unsaved', restored: true, theirs: null });
    server.text = 'theirs\n';
    const later = await open();
    expect(later.look()).toMatchObject({ text: 'typed\n', theirs: { text: 'theirs\n' } });
    await later.settle('theirs');
    expect((await open()).look()).toMatchObject({ text: 'theirs\n', restored: false });
  });

  test('goes on from a text that was shared, as a question only where the file is not what that was made of', async () => {
    const draft = (base: string): void =>
      void kept.set('devfactory.draft.run_a.a.txt', JSON.stringify({ digest: null, base, text: 'typed\n' }));
    draft(server.text ?? '');
    const file = await open();
    expect(file.look()).toMatchObject({ text: 'typed\n', saving: 'unsaved', restored: true, theirs: null });
    await file.save();
    expect(server.text).toBe('typed\n');
    draft('older\n');
    server.text = 'theirs\n';
    expect((await open()).look()).toMatchObject({ text: 'typed\n', theirs: { text: 'theirs\n' } });
  });

  test('keeps what could not be saved, and says so', async () => {
    const file = await open();
    server.fails = true;
    file.type('typed\n');
    await file.save();
    expect(file.look()).toMatchObject({ saving: 'failed', text: 'typed\n' });
    expect(kept.size).toBe(1);
    server.fails = false;
    await file.save();
    expect(server.text).toBe('typed\n');
  });

  test('that is not there becomes one with the first save; that goes away is asked about', async () => {
    server.text = null;
    const file = await open();
    expect(file.look().status).toBe('missing');
    file.type('new\n');
    await file.save();
    expect(server.text).toBe('new\n');
    file.type('newer\n');
    server.text = null;
    await file.save();
    expect(file.look().theirs).toEqual({ digest: null, text: null });
    await file.settle('mine');
    expect(server.text).toBe('newer\n');
  });
});

test('the smallest change between two texts is one stretch', () => {
  expect(smallestChange('abc', 'abc')).toBeNull();
  expect(smallestChange('one two', 'one 2 two')).toEqual({ from: 4, to: 4, insert: '2 ' });
  expect(smallestChange('aaa', 'aa')).toEqual({ from: 2, to: 3, insert: '' });
});
