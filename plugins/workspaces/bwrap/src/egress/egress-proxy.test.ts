import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import type { Workspace } from '@devfactory/kit';
import { shell, Workspaces } from '@devfactory/kit/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeStage, noSandbox } from '../testing/stage.ts';
import type { Stage } from '../testing/stage.ts';

describe.skipIf(noSandbox !== null)(`the way out of a sandbox${noSandbox ? ` (skipped: ${noSandbox})` : ''}`, () => {
  let stage: Stage;
  let workspaces: Workspaces;
  let registry: Server;
  let port: number;
  let inside: Workspace;
  const seen: IncomingMessage[] = [];
  /** Everything is on this machine: which names may say so is what the tests are about. */
  const resolve = async (): Promise<{ address: string; family: number }[]> => [{ address: '127.0.0.1', family: 4 }];

  beforeAll(async () => {
    registry = createServer((request, response) => {
      seen.push(request);
      response.end(`registry ${request.url}`);
    });
    await new Promise<void>((listening) => registry.listen(0, '127.0.0.1', listening));
    port = (registry.address() as AddressInfo).port;
    stage = makeStage({ allowPrivate: [`registry.test:${port}`], hostEnv: {}, resolve });
    workspaces = new Workspaces(stage.driver);
    inside = await workspaces.open('egress', {
      egress: [`registry.test:${port}`, `private.test:${port}`, '127.0.0.1', '*.wild.test'],
    });
  });
  afterAll(async () => {
    await workspaces.closeAll();
    await stage.dispose();
    registry.close();
  });

  const curl = async (words: string): Promise<string> => shell(inside, `curl -sS -m 10 ${words} 2>&1 || true`);

  test('a listed host is reached, by forwarding and through a tunnel, and each decision is recorded', async () => {
    inside.egressDecisions();
    expect(await curl(`http://registry.test:${port}/plain`)).toBe('registry /plain');
    expect(await curl(`-p http://registry.test:${port}/tunnel`)).toBe('registry /tunnel');
    const allowed = { host: 'registry.test', port, allowed: true };
    expect(inside.egressDecisions()).toEqual([allowed, allowed]);
    expect(inside.egressDecisions()).toEqual([]);
  });

  test('programs find the way by their own settings', async () => {
    const script = `fetch('http://registry.test:${port}/node').then((r) => r.text()).then(console.log)`;
    const { stdout } = await inside.exec({ argv: ['node', '-e', script], timeoutMs: 20_000 });
    expect(stdout).toBe('registry /node\n');
  });

  test('what is not listed is refused with a reason, and recorded', async () => {
    inside.egressDecisions();
    const targets = [
      'http://other.test/',
      `http://registry.test:${port + 1}/`,
      'http://registry.test/',
      'http://wild.test/',
      `http://registry.test.evil.test:${port}/`,
    ];
    for (const target of targets) {
      expect(await curl(target)).toContain('egress denied');
      expect(await curl(`-p ${target}`)).toContain('403');
    }
    expect(inside.egressDecisions()).toHaveLength(2 * targets.length);
    expect(await curl('-p http://secret.wild.test/')).not.toContain('403');
  });

  test('a listed name with a private address is refused unless the operator listed it', async () => {
    const before = seen.length;
    inside.egressDecisions();
    await curl(`http://private.test:${port}/`);
    await curl(`-p http://private.test:${port}/`);
    for (const spelling of [
      '127.0.0.1',
      '2130706433',
      '0x7f.1',
      '0177.0.0.1',
      '[::1]',
      '[::ffff:7f00:1]',
      'localhost',
      '169.254.169.254',
    ]) {
      await curl(`--noproxy "" -p "http://${spelling}:80/"`);
      await curl(`--noproxy "" "http://${spelling}:80/"`);
    }
    expect(seen.length).toBe(before);
    expect(inside.egressDecisions().some(({ allowed }) => allowed)).toBe(false);
  });

  test('without listed hosts there is no proxy at all', async () => {
    const closed = await workspaces.open('egress-none');
    expect(await shell(closed, 'env | grep -ic proxy || true')).toBe('0\n');
    expect(await shell(closed, 'curl -sS -x http://127.0.0.1:3128 http://registry.test/ 2>&1 || true')).toContain(
      'connect',
    );
  });

  test("the host's own proxy is used where the host has one, and not for what bypasses it", async () => {
    const asked: string[] = [];
    const upstream = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.end('through the other');
    });
    upstream.on('connect', (request, client, head) => {
      asked.push(`CONNECT ${request.url}`);
      const target = connect(port, '127.0.0.1', () => {
        client.write('HTTP/1.1 200 OK\r\n\r\n');
        target.write(head);
        client.pipe(target).pipe(client);
      });
      target.on('error', () => client.destroy());
      client.on('error', () => target.destroy());
    });
    await new Promise<void>((listening) => upstream.listen(0, '127.0.0.1', listening));
    const url = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`;
    const other = makeStage({ hostEnv: { HTTP_PROXY: url, HTTPS_PROXY: url, NO_PROXY: 'private.test' }, resolve });
    const group = new Workspaces(other.driver);
    try {
      const chained = await group.open('egress-chained', { egress: ['far.test', 'private.test'] });
      expect(await shell(chained, 'curl -sS -m 10 http://far.test/x')).toBe('through the other');
      expect(await shell(chained, 'curl -sS -m 10 -p http://far.test:443/y')).toBe('registry /y');
      await shell(chained, 'curl -sS -m 10 http://private.test/z || true');
      expect(asked).toEqual(['http://far.test/x', 'CONNECT far.test:443']);
    } finally {
      await group.closeAll();
      await other.dispose();
      upstream.close();
    }
  });
});
