import { expect, test } from 'vitest';
import { isPrivateAddress } from './addresses.ts';
import { cleanHost, isListed } from './rules.ts';
import { upstreamProxy } from './upstream.ts';

test('addresses of this machine, its network and its cloud are private, others are not', () => {
  const ours = [
    '127.0.0.1',
    '127.255.0.9',
    '0.0.0.0',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '168.63.129.16',
  ];
  const more = [
    '100.64.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    'fd00::1',
    'fe80::1',
    'ff02::1',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '[::1]',
  ];
  for (const address of [...ours, ...more, 'no-address', '']) expect(isPrivateAddress(address)).toBe(true);
  for (const address of ['1.1.1.1', '8.8.8.8', '151.101.0.223', '172.32.0.1', '2606:4700::1111', '2a04:4e42::223'])
    expect(isPrivateAddress(address)).toBe(false);
});

test('a pattern matches its host, its port and nothing near it', () => {
  const web = [80, 443];
  const listed = (host: string, port: number, ...patterns: string[]): boolean =>
    isListed({ host: cleanHost(host), port }, patterns, web);
  expect(listed('packages.test', 443, 'packages.test')).toBe(true);
  expect(listed('PyPI.org.', 80, 'pypi.ORG')).toBe(true);
  expect(listed('packages.test', 22, 'packages.test')).toBe(false);
  expect(listed('packages.test', 8080, 'packages.test:8080')).toBe(true);
  expect(listed('packages.test', 443, 'packages.test:8080')).toBe(false);
  expect(listed('a.b.org', 443, '*.b.org')).toBe(true);
  expect(listed('b.org', 443, '*.b.org')).toBe(false);
  expect(listed('evilb.org', 443, '*.b.org', 'b.org')).toBe(false);
  expect(listed('b.org.evil', 443, 'b.org', '*.b.org')).toBe(false);
  expect(listed('anything', 443, '')).toBe(false);
});

test("the host's proxy settings are read as other programs read them", () => {
  const env = {
    HTTPS_PROXY: 'proxy.test:3128',
    http_proxy: 'http://plain.test:1',
    NO_PROXY: 'localhost,.corp.test, exact.test:8443',
  };
  expect(upstreamProxy(env, { host: 'packages.test', port: 443 }, true)).toBe('http://proxy.test:3128');
  expect(upstreamProxy(env, { host: 'packages.test', port: 80 }, false)).toBe('http://plain.test:1');
  expect(upstreamProxy(env, { host: 'a.corp.test', port: 443 }, true)).toBeNull();
  expect(upstreamProxy(env, { host: 'notcorp.test', port: 443 }, true)).not.toBeNull();
  expect(upstreamProxy(env, { host: 'exact.test', port: 8443 }, true)).toBeNull();
  expect(upstreamProxy(env, { host: 'exact.test', port: 443 }, true)).not.toBeNull();
  expect(upstreamProxy({ ...env, NO_PROXY: '*' }, { host: 'packages.test', port: 443 }, true)).toBeNull();
  expect(upstreamProxy({}, { host: 'packages.test', port: 443 }, true)).toBeNull();
});
