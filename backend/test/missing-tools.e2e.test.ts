import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunState } from '@devfactory/contracts';
import { requireTools } from '@devfactory/engine';
import { webToolchain } from '@devfactory/toolchain-web';
import { afterAll, expect, test } from 'vitest';
import { Factory, planOnly, problem } from './factory.ts';
import { VerifyStage } from './verify-stage.ts';

const factory = await Factory.start();
const doctor = (await factory.ask('/api/doctor')).json as { name: string; outcome: string; found: string }[];
const sandbox = doctor.find((check) => check.name === 'sandbox');
const here = sandbox?.outcome === 'ok' ? '' : ` (skipped: no sandbox here, ${sandbox?.found ?? ''})`;
afterAll(() => factory.end());

/** Where there is no Rust at all the tools are missing, else they are too old: told either way. */
const manifest = '[package]\nname = "shop"\nversion = "0.1.0"\nedition = "2021"\nrust-version = "99.0"\n';
const says =
  /lacks (?:cargo|rustc)[^]*apt-get install|Rust tools are version [\d.]+, and the project asks for 99\.0[^]*rustup/;
const proposes = (spec: object) => ({
  tool: 'propose_requirements',
  input: { summary: 'A crate.', requirements: [{ text: 'It adds', checks: [{ title: 'adds', spec }] }] },
});
const rustPlan = {
  ...planOnly,
  plan: [
    {
      calls: [
        proposes({
          kind: 'test',
          toolchain: 'rust',
          files: [
            { path: 'tests/price.rs', content: '#[test]\nfn adds() {}\n' },
            { path: 'Cargo.toml', content: manifest },
          ],
          tests: ['tests/price.rs::adds'],
        }),
        { tool: 'finish', input: {} },
      ],
    },
  ],
};
const create = (request: object): Promise<string> =>
  factory.create({ prompt: 'A crate that adds', agent: 'scripted', ...request });
const failed = (state: RunState): boolean => state.stage.name === 'failed';
const waitsFor = (what: string) => (state: RunState) => state.stage.name === 'waiting' && state.stage.for === what;

test.skipIf(here !== '')(
  `a plan is not approved while its checks need tools that this machine lacks${here}`,
  { timeout: 120_000 },
  async () => {
    const id = await create({ agentOptions: rustPlan });
    const { plan } = await factory.until(id, waitsFor('plan-approval'));
    const refusal = problem(await factory.command(id, { do: 'approve-plan', version: plan.proposed }));
    expect(refusal).toMatchObject({ status: 424, code: 'tools_missing', detail: expect.stringMatching(says) });
    expect(waitsFor('plan-approval')(await factory.state(id))).toBe(true);
    expect(problem(await factory.command(id, { do: 'approve-plan', version: 99 })).code).toBe('plan_changed');
  },
);
test.skipIf(here !== '')(
  `a run that approves its own plans stops before the work, and a resumed one asks the machine again${here}`,
  { timeout: 120_000 },
  async () => {
    const id = await create({ agentOptions: rustPlan, autonomy: 'auto' });
    const first = await factory.until(id, failed);
    expect(first.stage).toMatchObject({ code: 'tools_missing', reason: expect.stringMatching(says) });
    expect(first.turns.map(({ purpose }) => purpose)).toEqual(['plan']);
    await factory.command(id, { do: 'resume' });
    const second = await factory.until(id, (state) => failed(state) && state.seq > first.seq + 1);
    expect(second.turns.length).toBe(1);
  },
);
test.skipIf(here !== '')(
  `an imported tree whose tools are missing costs no turn${here}`,
  { timeout: 120_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'devfactory-zip-'));
    try {
      writeFileSync(join(folder, 'Cargo.toml'), manifest);
      execFileSync('python3', ['-m', 'zipfile', '-c', 'tree.zip', 'Cargo.toml'], { cwd: folder });
      const body = Uint8Array.from(readFileSync(join(folder, 'tree.zip')));
      const upload = await factory.ask('/api/uploads', { body, headers: { 'content-type': 'application/zip' } });
      const { uploadId } = upload.json as { uploadId: string };
      const id = await create({ agentOptions: planOnly, source: { kind: 'upload', uploadId } });
      const state = await factory.until(id, failed);
      expect(state.stage).toMatchObject({ code: 'tools_missing', reason: expect.stringMatching(says) });
      expect(state.turns).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);
test.skipIf(here !== '')(
  `a run is not begun with a checkpoint whose tools are missing${here}`,
  { timeout: 120_000 },
  async () => {
    const spec = { kind: 'file', path: 'Cargo.toml', includes: ['99'] };
    const plan = [{ calls: [proposes(spec), { tool: 'finish', input: {} }] }];
    const write = { tool: 'write', input: { path: 'Cargo.toml', content: manifest } };
    const work = [{ calls: [write, { tool: 'finish', input: {} }] }];
    const id = await create({ agentOptions: { plan, work }, autonomy: 'auto' });
    const { head } = await factory.until(id, ({ checkpoints }) => checkpoints.length > 1);
    const answer = await factory.ask(`/api/runs/${id}/forks`, { json: { checkpointId: head } });
    expect(problem(answer)).toMatchObject({ status: 424, code: 'tools_missing', detail: expect.stringMatching(says) });
  },
);

test.skipIf(here !== '')(`names each missing command once, with the package that brings it${here}`, async () => {
  const stage = await VerifyStage.open();
  try {
    const needs = ['here', 'there'].map((name) => ({ command: `no-such-${name}`, debianPackage: 'no-such-package' }));
    const toolchains = [{ ...webToolchain(), needs: [...needs, { command: 'sh', debianPackage: 'dash' }] }];
    const checkpoint = await stage.checkpoint({ 'index.html': '<p>' }, 'ck-1');
    const machine = { driver: stage.driver, blobs: stage.blobs, toolchains };
    await expect(requireTools(machine, { checkpoint, checks: [] })).rejects.toMatchObject({
      code: 'tools_missing',
      message:
        "This machine lacks no-such-here, no-such-there, which this project's checks need. Install with: sudo apt-get install -y no-such-package",
    });
    await requireTools({ ...machine, toolchains: [webToolchain()] }, { checkpoint, checks: [] });
    expect((await stage.driver.list()).filter((id) => id.startsWith('probe-'))).toEqual([]);
  } finally {
    await stage.close();
  }
});
