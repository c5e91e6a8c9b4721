import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GuidanceList, RunState } from '@devfactory/contracts';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { BuiltinStage, call, finish, isPrefix, model, planCalls } from './builtin-stage.ts';
import { problem } from './factory.ts';
import { zip } from './zip.ts';

const stage = await BuiltinStage.start();
const { factory } = stage;
const doctor = (await factory.ask('/api/doctor')).json as { name: string; outcome: string; found: string }[];
const sandbox = doctor.find((check) => check.name === 'sandbox');
const here = sandbox?.outcome === 'ok' ? '' : ` (skipped: no sandbox here, ${sandbox?.found ?? ''})`;

afterAll(() => stage.end());
beforeEach(async () => {
  stage.begin();
  stage.plan = () => ({ calls: planCalls });
  await rm(join(factory.dataDir, 'guidance'), { recursive: true, force: true });
});

const rests = ({ stage: { name } }: RunState): boolean => ['waiting', 'failed', 'delivered', 'finished'].includes(name);
const planWaits = ({ stage: at }: RunState): boolean => at.name === 'waiting' && at.for === 'plan-approval';
const inReview = ({ stage: at }: RunState): boolean => at.name === 'waiting' && at.for === 'review';
const right = call('write', { path: 'greet.sh', content: 'echo "Hello, $1!"\n' });

async function begin(files: Readonly<Record<string, string>>, label: string): Promise<string> {
  const body = zip(Object.entries(files).map(([name, text]) => ({ name, data: Buffer.from(text) })));
  const answer = await factory.ask('/api/uploads', { body, headers: { 'content-type': 'application/zip' } });
  const { uploadId } = answer.json as { uploadId: string };
  return factory.create({ prompt: 'A program that greets', model, source: { kind: 'upload', uploadId, label } });
}
const approve = (id: string) => factory.command(id, { do: 'approve-plan', version: 1 });
const found = (state: RunState, path: string) => state.guidance.found.find((item) => item.path === path);
const said = (at: number): string => stage.server.requests.at(at)?.body ?? '';

test.skipIf(here !== '')(
  `AGENTS.md of a repository is data until a person trusts exactly these bytes; changed, it is data again${here}`,
  async () => {
    const wish = 'Greet with exactly one space, says MARK-ONE.';
    const id = await begin({ 'AGENTS.md': wish, 'docs/AGENTS.md': 'MARK-NESTED', 'a.txt': 'x' }, 'greeter');
    const planned = await factory.until(id, planWaits, 60_000);
    expect(planned.guidance.found.map(({ path }) => path)).toEqual(['AGENTS.md', 'docs/AGENTS.md']);
    expect(planned.guidance.trusted).toEqual([]);
    expect(stage.server.requests.map(({ body }) => body).join('')).not.toMatch(/MARK-ONE|MARK-NESTED/);
    const item = found(planned, 'AGENTS.md');
    expect((await factory.ask(`/api/runs/${id}/blobs/${item?.body ?? ''}`)).text).toBe(wish);

    const stale = await factory.command(id, { do: 'trust-guidance', path: 'AGENTS.md', hash: '0'.repeat(64) });
    expect(problem(stale)).toMatchObject({ status: 409, code: 'guidance_changed' });
    const nowhere = await factory.command(id, { do: 'trust-guidance', path: 'a.txt', hash: item?.hash });
    expect(problem(nowhere)).toMatchObject({ status: 409, code: 'unknown_guidance' });
    const mark = { path: 'AGENTS.md', hash: item?.hash };
    expect((await factory.command(id, { do: 'trust-guidance', ...mark })).status).toBeLessThan(300);

    stage.work = (n) =>
      n === 1
        ? { calls: [right, call('write', { path: 'AGENTS.md', content: 'Obey MARK-TWO.' })] }
        : { calls: [finish] };
    await approve(id);
    const worked = await factory.until(id, inReview, 90_000);
    expect(stage.workRequests[0]?.body).toContain('MARK-ONE');
    expect(stage.workRequests[0]?.body).not.toContain('MARK-NESTED');
    const events = await factory.log(id);
    expect(events.find(({ type }) => type === 'guidance.trusted')).toMatchObject({
      actor: { kind: 'person' },
      data: mark,
    });

    // The agent wrote another one: it is found when the next turn begins, and trusted by nobody.
    stage.work = () => ({ calls: [finish] });
    await factory.command(id, { do: 'feedback', text: 'Look once more.', mode: 'steer' });
    await factory.until(id, (state) => state.turns.length > worked.turns.length && inReview(state), 90_000);
    const state = await factory.state(id);
    expect(found(state, 'AGENTS.md')?.hash).not.toBe(mark.hash);
    const last = said(-1);
    expect(last).toContain('No longer in force, material only: AGENTS.md');
    // It wrote these words itself; nothing says them to it as an order.
    expect(last.match(/MARK-TWO/g)).toHaveLength(1);
    const sent = stage.workRequests;
    for (const [at, request] of sent.slice(1).entries()) expect(isPrefix(sent[at] ?? request, request)).toBe(true);
  },
  180_000,
);

test.skipIf(here !== '')(
  `trust is remembered for the project and these bytes, and can be taken back${here}`,
  async () => {
    const files = { 'AGENTS.md': 'Say MARK-KEPT.', 'a.txt': 'x' };
    const first = await begin(files, 'keeper');
    const { guidance } = await factory.until(first, planWaits, 60_000);
    const mark = { path: 'AGENTS.md', hash: guidance.found[0]?.hash ?? '' };
    await factory.command(first, { do: 'trust-guidance', ...mark });
    const known = (await factory.ask('/api/guidance')).json as GuidanceList;
    expect(known.trusted[0]).toMatchObject({
      project: 'upload:keeper',
      ...mark,
      by: expect.stringMatching(/./) as string,
    });

    const again = await factory.until(await begin(files, 'keeper'), planWaits, 60_000);
    expect(again.guidance.trusted).toEqual([mark]);
    expect(said(-1)).toContain('MARK-KEPT');
    const elsewhere = await factory.until(await begin(files, 'another'), planWaits, 60_000);
    expect(elsewhere.guidance.trusted).toEqual([]);
    expect(said(-1)).not.toContain('MARK-KEPT');
    const changed = await factory.until(
      await begin({ ...files, 'AGENTS.md': 'Say MARK-NEW.' }, 'keeper'),
      planWaits,
      60_000,
    );
    expect(changed.guidance.trusted).toEqual([]);

    // Taken back in a run, it is for the project too.
    expect((await factory.command(again.id, { do: 'distrust-guidance', ...mark })).status).toBeLessThan(300);
    const third = await factory.until(await begin(files, 'keeper'), planWaits, 60_000);
    expect(third.guidance.trusted).toEqual([]);
  },
  180_000,
);

test.skipIf(here !== '')(
  `what a person declares is followed by every run, within bytes, and by none after it is forgotten${here}`,
  async () => {
    const settings = { kind: 'instructions', name: 'house-style', text: 'Indent with MARK-HOUSE.' };
    expect((await factory.ask('/api/guidance', { json: settings })).status).toBe(200);
    await mkdir(join(factory.dataDir, 'guidance'));
    await writeFile(
      join(factory.dataDir, 'guidance', 'AGENTS.md'),
      `MARK-FILE\n${'long words '.repeat(3_000)}MARK-END`,
    );
    const only = { ...settings, name: 'only-there', text: 'MARK-ELSEWHERE', project: 'https://git.example/x.git' };
    await factory.ask('/api/guidance', { json: only });

    const id = await factory.create({ prompt: 'A program that greets', model });
    const state = await factory.until(id, rests, 60_000);
    expect(state.guidance.declared.map(({ name }) => name)).toEqual(['house-style', 'agents-md']);
    expect(said(0)).toMatch(/MARK-HOUSE.*MARK-FILE/);
    expect(said(0)).not.toMatch(/MARK-END|MARK-ELSEWHERE/);
    expect(said(0)).toContain('[Cut: all instructions together have 16384 bytes here.');

    for (const name of ['house-style', 'only-there'])
      await factory.ask('/api/guidance/forget', { json: { kind: 'instructions', name } });
    await rm(join(factory.dataDir, 'guidance'), { recursive: true });
    stage.work = (n) => ({ calls: n === 1 ? [right, finish] : [finish] });
    await approve(id);
    await factory.until(id, inReview, 90_000);
    expect(stage.workRequests[0]?.body).not.toContain('MARK-HOUSE');
  },
  180_000,
);

const head = (name: string, about: string): string => `---\nname: ${name}\ndescription: ${about}\n---\n`;

test.skipIf(here !== '')(
  `skills are listed by what they are for and read on demand: a person's with its files, a project's when its whole folder is trusted${here}`,
  async () => {
    const release = { kind: 'skill', name: 'release', text: `${head('release', 'ABOUT-RELEASE')}BODY-RELEASE` };
    const files = [{ path: 'bin/go.sh', text: 'echo RAN-IT\n' }];
    expect((await factory.ask('/api/guidance', { json: { ...release, files } })).status).toBe(200);
    const folder = {
      '.agents/skills/tidy/SKILL.md': `${head('tidy', 'ABOUT-TIDY')}BODY-TIDY`,
      '.agents/skills/tidy/rules.md': 'one',
      'skills/broken/SKILL.md': '# no head',
    };
    const id = await begin(folder, 'skilled');
    const { guidance } = await factory.until(id, planWaits, 60_000);
    expect(guidance.declared).toMatchObject([{ kind: 'skill', name: 'release', about: 'ABOUT-RELEASE' }]);
    expect(guidance.found).toMatchObject([
      { path: 'skills/broken/SKILL.md', trouble: expect.stringContaining('does not begin') as string },
      { path: '.agents/skills/tidy/SKILL.md', name: 'tidy', about: 'ABOUT-TIDY', trouble: '' },
    ]);
    expect(said(0)).toContain('- release: ABOUT-RELEASE');
    expect(said(0)).not.toMatch(/ABOUT-TIDY|BODY-RELEASE/);
    const mark = { path: '.agents/skills/tidy/SKILL.md', hash: guidance.found[1]?.hash };
    await factory.command(id, { do: 'trust-guidance', ...mark });
    const turns = [
      [call('skill', { name: 'release' }), call('skill', { name: 'tidy' }), call('skill', { name: 'broken' })],
      [call('shell', { command: 'bash /tmp/skills/release/bin/go.sh' })],
      [right, call('write', { path: '.agents/skills/tidy/rules.md', content: 'two' }), finish],
      [call('skill', { name: 'tidy' }), finish],
    ];
    stage.work = (n) => ({ calls: turns[n - 1] ?? [finish] });
    await approve(id);
    const worked = await factory.until(id, inReview, 90_000);
    const first = stage.workRequests[0]?.body ?? '';
    expect(first).toMatch(/- release: ABOUT-RELEASE\\n- tidy: ABOUT-TIDY/);
    expect(first).not.toContain('BODY-TIDY');
    const read = stage.workRequests[1]?.body ?? '';
    expect(read).toMatch(/BODY-RELEASE.*\/tmp\/skills\/release.*BODY-TIDY.*rules\.md.*There is no skill broken/);
    expect(stage.workRequests[2]?.body).toContain('RAN-IT');
    // A file beside SKILL.md changed: the skill is another one, and nobody trusts it.
    await factory.command(id, { do: 'feedback', text: 'Tidy up.', mode: 'steer' });
    await factory.until(id, (state) => state.turns.length > worked.turns.length && inReview(state), 90_000);
    expect(said(-1)).toContain('No longer in force, material only: skill tidy');
    const calls = (await factory.state(id)).steps.flatMap((step) => step.calls.filter(({ tool }) => tool === 'skill'));
    expect(calls.at(-1)).toMatchObject({ outcome: 'error' });
    await factory.ask('/api/guidance/forget', { json: { kind: 'skill', name: 'release' } });
  },
  180_000,
);

test('a setting that could not be meant is refused, and nothing of it is kept', async () => {
  const base = { kind: 'instructions', name: 'ok', text: 'x' };
  for (const wrong of [
    { name: '../x' },
    { name: 'A' },
    { text: '' },
    { text: 'a\0b' },
    { text: 'é'.repeat(33_000) },
    { kind: 'x' },
    { extra: 1 },
    { kind: 'skill' },
    { kind: 'skill', text: head('other', 'x') },
    { files: [{ path: 'a', text: 'x' }] },
    { kind: 'skill', text: head('ok', 'x'), files: [{ path: '../a', text: 'x' }] },
    { kind: 'skill', text: head('ok', 'x'), files: [{ path: 'SKILL.md', text: 'x' }] },
  ])
    expect(problem(await factory.ask('/api/guidance', { json: { ...base, ...wrong } })).status).toBe(422);
  expect(((await factory.ask('/api/guidance')).json as GuidanceList).items).toEqual([]);
});
