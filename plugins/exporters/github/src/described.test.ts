import { describe, expect, test } from 'vitest';
import { Delivering } from './testing/delivering.ts';
import { faultOf } from './testing/described.ts';

const ask = (method: string, address: string, body?: unknown) => {
  const { pathname: path, searchParams: query } = new URL(address, 'http://forge');
  return faultOf({ method, path, query, body });
};

test.each([
  ['an address that is not there', ask('GET', '/repos/a/b/pull/1'), /no such operation/],
  ['a method that is not there', ask('DELETE', '/repos/a/b/pulls/1'), /no such operation/],
  ['a parameter that nobody knows', ask('GET', '/repos/a/b/pulls?stat=all'), /no such parameter stat/],
  ['a value that is none of those', ask('GET', '/repos/a/b/pulls?state=any'), /"any"/],
  ['a number that is none', ask('GET', '/repos/a/b/pulls?per_page=many'), /no integer/],
  ['a body that lacks a part', ask('POST', '/repos/a/b/pulls', { title: 'x', head: 'y' }), /lacks base/],
  ['a body with a part too many', ask('PATCH', '/repos/a/b/pulls/1', { draft: true }), /draft, which nobody knows/],
  ['a body of another type', ask('POST', '/user/repos', { name: 'x', private: 'yes' }), /no boolean/],
  [
    'a check run that ends without an end',
    ask('PATCH', '/repos/a/b/check-runs/1', { status: 'completed' }),
    /conclusion/,
  ],
  ['labels that are none', ask('POST', '/repos/a/b/issues/1/labels', { labels: [7] }), /labels\[0\]/],
])('GitHub does not know %s', (_, fault, words) => {
  expect(fault).toMatch(words);
});

test.each([
  ask('GET', '/repos/a/b/pulls?state=all&head=a%3Ab&per_page=100'),
  ask('POST', '/repos/a/b/pulls', { title: 'x', head: 'y', base: 'main', draft: true }),
  ask('PATCH', '/repos/a/b/check-runs/1', { status: 'completed', conclusion: 'success' }),
  ask('POST', '/repos/a/b/issues/1/labels', { labels: ['x'] }),
  ask('POST', '/app/installations/5/access_tokens', { repositories: ['x'], permissions: { contents: 'write' } }),
])('GitHub knows what is asked', (fault) => {
  expect(fault).toBeNull();
});

describe('a test with the forge', () => {
  const at = Delivering.forEach();

  test('fails when something is asked that GitHub does not know', async () => {
    await fetch(`${at.forge.web}/api/v3/repos/acme/shop/labels?color=red`);
    expect(at.forge.faults).toEqual(['GET /repos/acme/shop/labels: no such operation']);
    await expect(at.forge.close()).rejects.toThrow(/GitHub would not know: GET \/repos\/acme\/shop\/labels/);
    await at.reopen();
  });
});
