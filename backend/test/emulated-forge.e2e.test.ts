import { spawnSync } from 'node:child_process';
import type { RunState } from '@devfactory/contracts';
import { EmulatedForge, whyNotEmulated } from '@devfactory/exporter-github/testing/emulated';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { eventually, Factory, planOnly } from './factory.ts';
import { prepared } from './prepared-agent.ts';

const noSandbox = spawnSync('bwrap', ['--version']).status === 0 ? null : 'bubblewrap is not installed';
const why = noSandbox ?? whyNotEmulated();
const secret = 'a-secret-for-webhooks-of-tests';
const write = (content: string) => ({
  calls: [
    { tool: 'write', input: { path: 'hello.txt', content } },
    { tool: 'finish', input: {} },
  ],
});

interface Pull {
  readonly number: number;
  readonly draft: boolean;
  readonly state: string;
  readonly head: { readonly sha: string };
}

/** npm's emulate says what GitHub's API says and signs the webhooks; the repositories are git's own. Nothing of it is ours. */
describe.skipIf(why !== null)(`a GitHub that others wrote${why ? ` (skipped: ${why})` : ''}`, () => {
  let forge: EmulatedForge;
  let factory: Factory;
  beforeEach(async () => {
    forge = await EmulatedForge.open();
    const environment = { ...process.env, ...forge.environment, DEVFACTORY_GITHUB_WEBHOOK_SECRET: secret };
    // Nothing is looked for by itself: what is heard here, a webhook of emulate's told of.
    factory = await Factory.start({ environment, agents: [prepared()], listenMs: 0 });
    await forge.as('writer', 'POST /hooks', {
      events: ['check_run', 'pull_request', 'pull_request_review', 'issue_comment', 'issues'],
      config: { url: `${factory.server.url}/api/hooks/github`, content_type: 'json', secret },
    });
  });
  afterEach(async () => {
    await factory.end();
    await forge.close();
  });

  const pulls = (): Promise<Pull[]> => forge.as('writer', 'GET /pulls?state=all');
  const head = (id: string): string => forge.git('rev-parse', `refs/heads/devfactory/${id}`);
  const delivered = (id: string, times: number): Promise<RunState> =>
    factory.until(
      id,
      ({ stage, exports }) =>
        stage.name === 'delivered' && exports.filter((item) => item.state === 'delivered').length === times,
      90_000,
    );
  const ci = (commit: string, conclusion: 'failure' | 'success'): Promise<unknown> =>
    forge.as('writer', 'POST /check-runs', {
      name: 'ci',
      head_sha: commit,
      status: 'completed',
      conclusion,
      output: { title: conclusion, summary: 'it must say again' },
    });

  test('red CI, then a review come back through its webhooks, and one pull request ends green with the approved tree', async () => {
    const id = await factory.create({
      prompt: 'Say hello',
      agent: 'scripted',
      autonomy: 'auto',
      agentOptions: { ...planOnly, work: [write('hello\n'), write('hello again\n'), write('hello at last\n')] },
      destinations: [{ kind: 'github', repository: 'acme/shop' }],
    });
    await delivered(id, 1);
    const first = head(id);
    await ci(first, 'failure');
    const second = await delivered(id, 2);
    expect(second.feedback).toMatchObject([{ from: { what: 'checks', key: `checks:${first}` } }]);
    expect(second.feedback[0]?.text).toContain('> it must say again');
    await ci(head(id), 'success');
    const review = { event: 'REQUEST_CHANGES', body: 'Say it at last.' };
    await forge.as('writer', 'POST /pulls/1/reviews', review);
    const third = await delivered(id, 3);
    expect(third.feedback.map(({ from }) => [from?.what, from?.author])).toEqual([
      ['checks', 'checks'],
      ['review', 'grace'],
    ]);
    await ci(head(id), 'success');
    expect(await pulls()).toMatchObject([{ number: 1, draft: true, state: 'open', head: { sha: head(id) } }]);
    expect(forge.git('show', `${head(id)}:hello.txt`)).toBe('hello at last');
    expect(forge.git('ls-tree', '-r', '--name-only', head(id))).toBe('hello.txt');
    expect(third.exports.at(-1)).toMatchObject({ tree: third.approval?.tree, arrival: { verdict: 'passed' } });
    const { check_runs } = await forge.as<{ check_runs: object[] }>('writer', `GET /commits/${head(id)}/check-runs`);
    expect(check_runs).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: 'AI DevFactory', conclusion: 'success' }),
        expect.objectContaining({ name: 'ci', conclusion: 'success' }),
      ]),
    );
  }, 240_000);

  test('a comment at an issue, by somebody who may write, begins one run, which ends as a pull request', async () => {
    const json = { repository: 'acme/shop', autonomy: 'auto', agent: 'prepared' };
    expect(await factory.ask('/api/intakes', { json })).toMatchObject({ status: 200 });
    // emulate writes times in whole seconds: what it says now was before the switch, until the next one.
    const switched = Math.floor(Date.now() / 1000);
    await eventually(async () => expect(Math.floor(Date.now() / 1000)).toBeGreaterThan(switched));
    const issue = { title: 'Say hello', body: 'Please.' };
    const { number } = await forge.as<{ number: number }>('writer', 'POST /issues', issue);
    await forge.as('stranger', `POST /issues/${number}/comments`, { body: '/devfactory' });
    await forge.as('writer', `POST /issues/${number}/comments`, { body: '/devfactory go' });
    const [run] = await eventually(async () => {
      const { runs } = (await factory.ask('/api/runs')).json as { readonly runs: { readonly id: string }[] };
      expect(runs).toHaveLength(1);
      return runs;
    });
    const state = await delivered(run?.id ?? '', 1);
    expect(state.from).toMatchObject({ place: 'github', what: 'comment', author: 'grace' });
    expect(await pulls()).toMatchObject([{ draft: true, head: { sha: head(state.id) } }]);
    const said = await forge.as<{ body: string }[]>('writer', `GET /issues/${number}/comments`);
    expect(said.filter(({ body }) => body.includes(state.id))).toHaveLength(1);
  }, 240_000);
});
