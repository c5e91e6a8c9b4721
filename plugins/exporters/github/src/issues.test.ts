import { afterEach, beforeEach, expect, test } from 'vitest';
import { createGitHubExporter } from './index.ts';
import { Forge } from './testing/forge.ts';

let forge: Forge;
beforeEach(async () => {
  forge = await Forge.open();
  forge.repository('acme/shop');
});
afterEach(() => forge.close());

const issue = (number: number, more: object = {}) => ({
  number,
  title: `Wish ${number}`,
  body: null,
  user: { login: 'bob' },
  author_association: 'NONE',
  html_url: `https://forge.example/acme/shop/issues/${number}`,
  ...more,
});
const find = async (wish: { label?: string; numbers?: readonly number[]; repository?: string } = {}) => {
  const { environment } = forge;
  const exporter = createGitHubExporter({ environment, directory: forge.root, retryMs: 1 });
  const found = await exporter.issues?.(
    { repository: 'acme/shop', numbers: [], ...wish },
    new AbortController().signal,
  );
  if (!found) throw new Error('the exporter reads no issues');
  return found;
};

test('issues are listed without pull requests, with who may write, and nothing is changed', async () => {
  forge.api.issues.push(
    issue(3, { body: 'x', author_association: 'MEMBER', user: null }),
    issue(2, { pull_request: {} }),
    issue(1),
  );
  const url = 'https://forge.example/acme/shop/issues';
  expect(await find()).toEqual({
    issues: [
      { number: 3, title: 'Wish 3', body: 'x', author: 'somebody', mayWrite: true, url: `${url}/3` },
      { number: 1, title: 'Wish 1', body: '', author: 'bob', mayWrite: false, url: `${url}/1` },
    ],
    more: false,
  });
  expect(forge.asked).toEqual(['GET /api/v3/repos/acme/shop/issues']);
});

test('a label is found whatever letters it has', async () => {
  forge.api.issues.push(issue(2, { labels: [{ name: 'good & new, first' }] }), issue(1));
  expect((await find({ label: 'good & new, first' })).issues.map(({ number }) => number)).toEqual([2]);
});

test('of many issues the newest hundred come, and it is said that there are more', async () => {
  for (let number = 150; number > 0; number -= 1) forge.api.issues.push(issue(number));
  const { issues, more } = await find();
  expect([issues.length, issues[0]?.number, issues.at(-1)?.number, more]).toEqual([100, 150, 51, true]);
});

test('among many pull requests issues are looked for on a few pages, and it is said that there may be more', async () => {
  for (let number = 900; number > 0; number -= 1)
    forge.api.issues.push(issue(number, number % 100 === 0 ? {} : { pull_request: {} }));
  const { issues, more } = await find();
  expect([issues.map(({ number }) => number), more]).toEqual([[900, 800, 700, 600, 500], true]);
  expect(forge.asked).toHaveLength(5);
});

test('issues are found by their numbers, each once; what is none is refused', async () => {
  forge.api.issues.push(issue(3), issue(2, { pull_request: {} }), issue(1));
  expect((await find({ numbers: [1, 3, 1] })).issues.map(({ number }) => number)).toEqual([1, 3]);
  await expect(find({ numbers: [2] })).rejects.toMatchObject({
    code: 'issue_missing',
    message: 'acme/shop#2 is a pull request, and no issue.',
  });
  await expect(find({ numbers: [1, 9] })).rejects.toMatchObject({ code: 'issue_missing' });
});

test('no repository, no right, and an answer of something else are told', async () => {
  await expect(find({ repository: 'acme/none' })).rejects.toMatchObject({ code: 'github_missing' });
  forge.forged = () => ({ status: 403, body: { message: 'Resource not accessible by personal access token' } });
  await expect(find()).rejects.toMatchObject({
    code: 'github_forbidden',
    message: expect.stringContaining('It needs read access to issues') as string,
  });
  forge.forged = () => ({ status: 200, body: [{ number: 'one' }] });
  await expect(find()).rejects.toMatchObject({ code: 'github_unexpected' });
});
