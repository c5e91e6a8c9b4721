import { spawnSync } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { DeliveryPreview, RunState } from '@devfactory/contracts';
import { Forge } from '@devfactory/exporter-github/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Factory, planOnly, problem } from './factory.ts';

const noSandbox = spawnSync('bwrap', ['--version']).status === 0 ? null : 'bubblewrap is not installed';
const github = { kind: 'github', repository: 'acme/shop' } as const;

/** Random, so that this file itself holds no secret. */
const token = (): string => `ghp_${randomBytes(18).toString('hex')}`;
const planted = {
  file: token(),
  name: token(),
  binary: token(),
  prompt: token(),
  azure: randomBytes(64).toString('base64'),
  pem: generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
};
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();

describe.skipIf(noSandbox !== null)(
  `secrets in what is delivered${noSandbox ? ` (skipped: ${noSandbox})` : ''}`,
  () => {
    let forge: Forge;
    let factory: Factory;
    beforeEach(async () => {
      forge = await Forge.open();
      forge.repository('acme/shop');
      factory = await Factory.start({ environment: { ...process.env, ...forge.environment }, listenMs: 0 });
    });
    afterEach(async () => {
      await factory.end();
      await forge.close();
    });

    const writes = (files: Readonly<Record<string, string>>): object[] =>
      Object.entries(files).map(([path, content]) => ({ tool: 'write', input: { path, content } }));
    const begin = async (prompt: string, calls: readonly object[]): Promise<string> => {
      const finish = { tool: 'finish', input: {} };
      const id = await factory.create({
        prompt,
        agent: 'scripted',
        agentOptions: {
          ...planOnly,
          work: [{ calls: [...calls, finish] }, { calls: [...writes({ 'more.txt': 'more\n' }), finish] }],
        },
      });
      await factory.until(id, ({ stage }) => stage.name === 'waiting' && stage.for === 'plan-approval');
      await factory.command(id, { do: 'approve-plan', version: 1 });
      return id;
    };
    const reviewed = (id: string): Promise<RunState> =>
      factory.until(id, ({ stage }) => stage.name === 'waiting' && stage.for === 'review', 90_000);
    const treeOf = (state: RunState): string => state.checkpoints.find((item) => item.id === state.head)?.tree ?? '';
    const preview = async (id: string): Promise<DeliveryPreview> =>
      (await factory.ask(`/api/runs/${id}/delivery-preview`, { json: { destination: github } }))
        .json as DeliveryPreview;
    const settled = (id: string, count: number): Promise<RunState> =>
      factory.until(
        id,
        ({ exports }) =>
          exports.length === count && exports.every((item) => ['delivered', 'failed'].includes(item.state)),
        60_000,
      );

    test('in files, names, binary files, keys, and the commit’s message stop it before anything is pushed, and are named', async () => {
      const id = await begin(`Say hello with ${planted.prompt}`, [
        ...writes({
          'hello.txt': 'hello\n',
          'src/config.ts': `\nexport const key = '${planted.file}';\n`,
          [`${planted.name}.txt`]: 'x',
          'azure.env': `AccountKey=${planted.azure}\n`,
          'keys/server.pem': rsa,
        }),
        { tool: 'shell', input: { command: `printf '\\0\\377%s\\0' ${planted.binary} > blob.bin` } },
      ]);
      const state = await reviewed(id);
      const { secrets, gates } = await preview(id);
      expect(secrets.toSorted()).toEqual([
        'Azure storage key in azure.env line 1',
        'GitHub token in blob.bin line 1',
        'GitHub token in src/config.ts line 2',
        'GitHub token in the name of the run, which is the title and the commit’s message',
        'GitHub token in the name of …',
        'GitHub token in the prompt',
        'private key in keys/server.pem line 1',
      ]);
      expect(gates.find(({ gate }) => gate === 'secrets')?.open).toBe(false);
      await factory.command(id, { do: 'approve-result', tree: treeOf(state), destinations: [github, { kind: 'zip' }] });
      const { exports } = await settled(id, 2);
      for (const { state: at, reason, files } of exports) {
        expect([at, files]).toEqual(['failed', []]);
        for (const place of secrets) expect(reason).toContain(place);
        for (const secret of Object.values(planted)) expect(reason).not.toContain(secret);
      }
      expect(forge.asked).toEqual([]);
    }, 120_000);

    test('go by a person’s word alone, for exactly this tree, and the reason travels with the proof', async () => {
      const id = await begin('Say hello', writes({ 'hello.txt': 'hello\n', 'fixture.txt': `${planted.file}\n` }));
      const state = await reviewed(id);
      const tree = treeOf(state);
      const { secrets: places } = await preview(id);
      expect(places).toEqual(['GitHub token in fixture.txt line 1']);
      const waive = (change: object = {}) =>
        factory.command(id, { do: 'waive-secrets', tree, places, reason: 'It was revoked.', ...change });
      expect(problem(await waive({ reason: ' ' }))).toMatchObject({ status: 422 });
      expect(problem(await waive({ tree: '0'.repeat(64) }))).toMatchObject({ code: 'approval_stale' });
      await factory.command(id, { do: 'approve-result', tree, destinations: [github] });
      expect((await settled(id, 1)).exports[0]?.state).toBe('failed');
      expect(await waive()).toMatchObject({ status: 202 });
      expect(await preview(id)).toMatchObject({
        secrets: [],
        gates: expect.arrayContaining([
          { gate: 'secrets', open: true, sentence: 'What looks like secrets in it goes by your word.' },
        ]),
      });
      await factory.command(id, { do: 'export', destination: github });
      const { exports } = await factory.until(id, (now) => now.exports.at(-1)?.state === 'delivered', 60_000);
      expect(forge.git('acme/shop', 'show', `devfactory/${id}:fixture.txt`)).toBe(planted.file);
      const last = exports.at(-1);
      const { text } = await factory.ask(`/api/runs/${id}/exports/${last?.id ?? ''}/files/proof.json`);
      expect(JSON.parse(text)).toMatchObject({ secretsWaived: [{ places, reason: 'It was revoked.' }] });
      expect(text).not.toContain(planted.file);
      const waived = (await factory.log(id)).find(({ type }) => type === 'secret.waived');
      expect(waived).toMatchObject({ actor: { kind: 'person' }, data: { tree, places, reason: 'It was revoked.' } });
      // Another tree, of which nobody has said anything yet.
      await factory.command(id, { do: 'feedback', text: 'Once more, please.', mode: 'steer' });
      await factory.until(id, (now) => now.approval === null && now.stage.name === 'waiting', 90_000);
      expect((await preview(id)).secrets).toEqual(places);
    }, 180_000);
  },
);
