import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FetchedSource } from '@devfactory/kit';
import { beforeEach, describe, expect, test } from 'vitest';
import { createGitHubExporter } from './index.ts';
import { Delivering, refusal, signal } from './testing/delivering.ts';
import { token } from './testing/forge.ts';

describe('a repository of the GitHub that the server is set up for', () => {
  const at = Delivering.forEach();
  let first: string;
  let second: string;
  beforeEach(() => {
    first = at.forge.commit('acme/shop', 'main', { 'README.md': 'one\n' });
    second = at.forge.commit('acme/shop', 'main', { 'README.md': 'two\n' });
    at.forge.commit('acme/shop', 'other', { 'other.txt': 'x\n' });
    at.forge.git('acme/shop', 'tag', 'v1', first);
  });
  const places = () =>
    createGitHubExporter({ environment: at.forge.environment, directory: at.directory, retryMs: 1 }).sources;
  const fetched = async (ref: string | null, path = 'acme/shop'): Promise<FetchedSource | undefined> =>
    places()?.fetch({ url: `${at.forge.web}/${path}`, ref, directory: mkdtempSync(join(at.directory, 'f-')) }, signal);

  test('is known by its address, and no other is', () => {
    const { web } = at.forge;
    for (const url of [`${web}/acme/shop`, `${web}/acme/shop.git`, `${web}/acme/shop/`])
      expect(places()?.has(url)).toBe(true);
    for (const url of [
      `${web}/acme`,
      `${web}/acme/shop/tree/main`,
      `${web}.evil/acme/shop`,
      'https://github.com/acme/shop',
      `${web}/acme/..`,
    ])
      expect(places()?.has(url)).toBe(false);
    const off = createGitHubExporter({ environment: {}, directory: at.directory }).sources;
    expect(off?.has('https://github.com/acme/shop')).toBe(false);
  });

  test('comes with its history by branch, tag or commit, and without the token', async () => {
    const of = (ref: string | null) => fetched(ref);
    expect(await of(null)).toMatchObject({ branch: 'main', bundle: { commit: second } });
    expect(await of('main')).toMatchObject({ branch: 'main', bundle: { commit: second } });
    expect(await of('v1')).toMatchObject({ branch: null, bundle: { commit: first } });
    expect(await of(first)).toMatchObject({ branch: null, bundle: { commit: first } });
    expect(await of(first.slice(0, 9))).toMatchObject({ branch: null, bundle: { commit: first } });
    const { path = '' } = (await of('main'))?.bundle ?? {};
    const folder = mkdtempSync(join(at.directory, 'clone-'));
    execFileSync('git', ['clone', '-q', '-b', 'main', path, folder]);
    expect(readFileSync(join(folder, 'README.md'), 'utf8')).toBe('two\n');
    expect(execFileSync('git', ['tag'], { cwd: folder }).toString()).toBe('v1\n');
    const files = readdirSync(at.directory, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
    const holding = files.filter((file) => readFileSync(join(file.parentPath, file.name)).includes(token));
    expect([files.length > 10, holding]).toEqual([true, []]);
  });

  test('that holds nothing, not that, or is not there says so', async () => {
    at.forge.repository('acme/empty');
    expect(await fetched(null, 'acme/empty')).toEqual({ branch: null, bundle: null });
    expect(await refusal(fetched('nowhere'))).toMatchObject({ code: 'git_ref_missing' });
    expect(await refusal(fetched('1234567'))).toMatchObject({ code: 'git_ref_missing' });
    expect(await refusal(fetched(null, 'acme/none'))).toMatchObject({ code: 'github_missing' });
    at.forge.api.sizes.set('acme/shop', 3_000_000);
    expect(await refusal(fetched(null))).toMatchObject({ code: 'source_too_large' });
  });
});
