import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createGitHubExporter } from './index.ts';
import { branch, Delivering, refusal, signal } from './testing/delivering.ts';
import { noBlobs, requestFor, runId } from './testing/request.ts';

describe('a base that went on', () => {
  const at = Delivering.forEach();
  const exporter = () =>
    createGitHubExporter({ environment: at.forge.environment, directory: at.directory, retryMs: 1 });
  const destination = { kind: 'github', repository: 'acme/shop' } as const;
  const merge = async (files: Readonly<Record<string, string>>) => {
    const { tree } = requestFor({ blobs: noBlobs, files });
    const directory = mkdtempSync(join(at.directory, 'm-'));
    const location = `${at.forge.web}/acme/shop/pull/1`;
    const merged = await exporter().merge?.({ runId, destination, location, directory, tree }, signal);
    const changes: Record<string, string | null> = {};
    for await (const change of merged?.changes ?? []) {
      if (change.type === 'removed') changes[change.path] = null;
      else if (change.type === 'symlink') changes[change.path] = `-> ${change.target}`;
      else {
        const chunks = [];
        for await (const chunk of change.bytes) chunks.push(chunk);
        changes[change.path] = `${change.executable ? 'x ' : ''}${Buffer.concat(chunks).toString()}`;
      }
    }
    return { ...merged, changes };
  };
  const begun = async (): Promise<string> => {
    const commit = at.forge.commit('acme/shop', 'main', { 'a.txt': '1\n2\n3\n', 'old.txt': 'x\n' });
    await at.deliver({ imported: at.imported(commit), files: { 'a.txt': '1\n2\nthree\n', 'old.txt': 'x\n' } });
    return commit;
  };
  const heard = () => exporter().heard?.({ runId, destination, location: `${at.forge.web}/acme/shop/pull/1` }, signal);

  test('is merged into the tree: what both sides changed, what one removed, and nothing else', async () => {
    await begun();
    const theirs = at.forge.commit('acme/shop', 'main', { 'a.txt': 'one\n2\n3\n', 'src/new.txt': 'n\n' });
    const merged = await merge({ 'a.txt': '1\n2\nthree\n', 'ours.txt': 'o\n' });
    expect(merged).toMatchObject({ branch: 'main', commit: theirs, conflicts: [] });
    expect(merged.changes).toEqual({ 'a.txt': 'one\n2\nthree\n', 'src/new.txt': 'n\n' });
  });

  test('that conflicts says where, with git’s marks in the files', async () => {
    await begun();
    expect((await heard())?.base).toBeNull();
    at.forge.commit('acme/shop', 'main', { 'a.txt': '1\n2\nTHREE\n' });
    const first = await heard();
    expect(first?.base).toMatchObject({ why: 'conflict', branch: 'main', key: `base:${at.head()}:conflict` });
    expect(await heard()).toEqual(first);
    const { conflicts, changes } = await merge({ 'a.txt': '1\n2\nthree\n', 'old.txt': 'x\n' });
    expect(conflicts).toEqual(['a.txt']);
    expect(changes['a.txt']).toMatch(/^1\n2\n<<<<<<< .*\nthree\n=======\nTHREE\n>>>>>>> .*\n$/);
  });

  test('is a second parent of what is delivered then: nothing is pushed by force, and GitHub can merge it', async () => {
    const commit = await begun();
    const first = at.head();
    const theirs = at.forge.commit('acme/shop', 'main', { 'a.txt': '1\n2\nTHREE\n' });
    const files = { 'a.txt': '1\n2\nboth\n', 'old.txt': 'x\n' };
    const imported = at.imported(commit);
    for (const _ of [1, 2]) {
      await at.deliver({ imported, base: theirs, files });
      expect(at.forge.git('acme/shop', 'rev-parse', `${branch}^1`, `${branch}^2`).split('\n')).toEqual([first, theirs]);
    }
    const merged = at.head();
    expect((await heard())?.base).toBeNull();
    await at.deliver({ imported, base: theirs, files: { ...files, 'more.txt': 'm\n' } });
    expect(at.forge.git('acme/shop', 'rev-list', '--parents', '-1', branch).split(' ').slice(1)).toEqual([merged]);
    expect(at.paths()).toEqual(['a.txt', 'more.txt', 'old.txt']);
    const later = at.forge.commit('acme/shop', 'main', { 'later.txt': 'l\n' });
    at.forge.api.wantsBaseTakenIn = true;
    expect((await heard())?.base).toMatchObject({ why: 'behind' });
    expect(await merge({ ...files, 'more.txt': 'm\n' })).toMatchObject({
      commit: later,
      conflicts: [],
      changes: { 'later.txt': 'l\n' },
    });
    expect(at.forge.pulls).toHaveLength(1);
  });

  test('is taken in from a fork as well, whose repository lacks it', async () => {
    at.forge.api.mayPush = (name) => name !== 'acme/shop';
    const commit = await begun();
    at.forge.commit('acme/shop', 'main', { 'between.txt': 'b\n' });
    const theirs = at.forge.commit('acme/shop', 'main', { 'a.txt': '1\n2\nTHREE\n' });
    expect(await merge({ 'a.txt': '1\n2\nthree\n', 'old.txt': 'x\n' })).toMatchObject({ conflicts: ['a.txt'] });
    await at.deliver({
      imported: at.imported(commit),
      base: theirs,
      files: { 'a.txt': '1\n2\nboth\n', 'between.txt': 'b\n', 'old.txt': 'x\n' },
    });
    expect(at.forge.git('ada/shop', 'rev-parse', `${branch}^2`)).toBe(theirs);
    expect((await heard())?.base).toBeNull();
  });

  test('brings no program of the repository’s to run', async () => {
    await begun();
    const attributes = '*.txt merge=evil filter=evil\n';
    at.forge.commit('acme/shop', 'main', { '.gitattributes': attributes, 'a.txt': '1\n2\nTHREE\n' });
    expect(await merge({ 'a.txt': '1\n2\nthree\n', 'old.txt': 'x\n' })).toMatchObject({ conflicts: ['a.txt'] });
  });

  test('of a pull request elsewhere, or whose branch is gone, says so', async () => {
    await begun();
    const location = 'https://elsewhere.example/acme/shop/pull/1';
    const { tree } = requestFor({ blobs: noBlobs });
    const wish = { runId, destination, location, directory: at.directory, tree };
    expect(await refusal(Promise.resolve(exporter().merge?.(wish, signal)))).toMatchObject({ code: 'github_moved' });
  });
});
