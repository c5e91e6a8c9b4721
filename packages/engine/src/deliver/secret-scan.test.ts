import { generateKeyPairSync, hash, randomBytes } from 'node:crypto';
import type { ManifestEntry } from '@devfactory/contracts';
import type { SourceTree } from '@devfactory/kit';
import { describe, expect, test } from 'vitest';
import { findSecrets, refuseSecrets, secretPlaces } from './secret-scan.ts';

/** Random, so that this file itself holds no secret. */
function random(alphabet: string, length: number): string {
  return Array.from(randomBytes(length), (byte) => alphabet[byte % alphabet.length]).join('');
}
const upper = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const mixed = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const jwt = (claims: object): string =>
  [JSON.stringify({ alg: 'HS256', typ: 'JWT' }), JSON.stringify(claims)]
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.') + `.${randomBytes(32).toString('base64url')}`;
const pem = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});

const secrets: readonly (readonly [string, () => string])[] = [
  ['an AWS key', () => `key = "AKIA${random(upper, 16)}"`],
  ['an AWS secret', () => `aws_secret_access_key=${random(mixed, 40)}`],
  ['a GitHub token', () => `GH=ghp_${random(mixed, 36)}`],
  ['a fine-grained GitHub token', () => `github_pat_${random(mixed, 22)}_${random(mixed, 59)}`],
  ['an API key', () => `OPENAI_API_KEY=sk-proj-${random(mixed, 48)}aA1`],
  ['an API key of another kind', () => `"sk-ant-api03-${random(mixed, 60)}aA1"`],
  ['a Slack token', () => `xoxb-${random('0123456789', 12)}-${random(mixed, 24)}`],
  [
    'an Azure connection string',
    () =>
      `DefaultEndpointsProtocol=https;AccountName=a;AccountKey=${randomBytes(64).toString('base64')};EndpointSuffix=x`,
  ],
  ['an Azure key alone', () => `azure_storage_key: '${randomBytes(64).toString('base64')}'`],
  ['a private key', () => pem.privateKey],
  ['a private key in a string', () => `const key = ${JSON.stringify(pem.privateKey)};`],
  ['a database address', () => `postgres://app:${random(mixed, 20)}aA1@db.internal.corp:5432/app`],
  [
    'a lasting token',
    () => jwt({ iss: 'https://login.corp', sub: 'service', exp: Math.floor(Date.now() / 1000) + 1e8 }),
  ],
];

const harmless: readonly (readonly [string, string])[] = [
  ['the example key of the AWS documentation', 'AKIAIOSFODNN7EXAMPLE'],
  ['a placeholder', 'OPENAI_API_KEY=sk-your-key-goes-here-please-replace-it-soon'],
  ['a row of x', `ghp_${'x'.repeat(36)}`],
  ['a counted token', 'ghp_0123456789abcdefghijklmnopqrstuvwxyz'],
  ['a CSS class', 'class="sk-folding-cube-with-a-very-long-name-that-goes-on-and-on"'],
  ['a digest', hash('sha512', 'x', 'hex')],
  ['an integrity hash of a lock file', `"integrity": "sha512-${randomBytes(64).toString('base64')}"`],
  ['a content hash', `"contentHash": "${randomBytes(64).toString('base64')}"`],
  ['an empty frame', '-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----'],
  ['a public key', pem.publicKey],
  ['a test secret', "app.config['JWT_SECRET_KEY'] = 'test-secret-key-only-for-tests'"],
  ['a local database', 'postgres://app:Sup3rLocalPassword@localhost:5432/app'],
  ['the token everyone shows', jwt({ sub: '1234567890', name: 'John Doe', iat: 1_516_239_022 })],
  ['an expired token', jwt({ iss: 'test', exp: 1_000_000_000 })],
];

function treeOf(files: Readonly<Record<string, string | Buffer>>): SourceTree {
  const contents = Object.entries(files).map(([path, content]) => [path, Buffer.from(content)] as const);
  const entries = contents.map(([path, bytes]): ManifestEntry => ({
    type: 'file',
    path,
    mode: 0o644,
    size: bytes.length,
    object: hash('sha256', bytes, 'hex'),
    mtimeMs: 0,
  }));
  return {
    hash: '0'.repeat(64),
    entries,
    read: async function* (entry) {
      const bytes = contents.find(([path]) => path === entry.path)?.[1] ?? Buffer.alloc(0);
      for (let at = 0; at < bytes.length; at += 100_000) yield bytes.subarray(at, at + 100_000);
    },
  };
}

const refused = (tree: SourceTree, waived: readonly string[] = []): Promise<void> =>
  refuseSecrets(tree, { words: [], waived: new Set(waived) });

describe('the look for secrets', () => {
  test.each(secrets)('finds %s', (_, make) => {
    for (let round = 0; round < 50; round += 1)
      expect(findSecrets('f', `# a line\n${make()}\n`, 1)).toMatchObject([{ path: 'f', line: 2 }]);
  });

  test.each(harmless)('passes by %s', (_, text) => {
    expect(findSecrets('f', text, 1)).toEqual([]);
  });

  test('names path and line of what it found, never the secret', async () => {
    const secret = `ghp_${random(mixed, 36)}`;
    const scan = refused(treeOf({ 'a.txt': 'fine', 'src/config.ts': `line 1\nline 2\nconst token = '${secret}';\n` }));
    await expect(scan).rejects.toMatchObject({
      code: 'secret_found',
      message: expect.stringContaining('GitHub token in src/config.ts line 3'),
    });
    await expect(scan).rejects.not.toMatchObject({ message: expect.stringContaining(secret) });
  });

  test('finds a secret anywhere in a large file, once and with its line', async () => {
    const filler = 'nothing to see here\n'.repeat(40_000);
    for (const before of [0, 262_100, 262_144, 400_001, filler.length]) {
      const text = `${filler.slice(0, before)}\nghp_${random(mixed, 36)}\n${filler}`;
      const line = text.slice(0, text.indexOf('ghp_')).split('\n').length;
      const scan = refused(treeOf({ big: text }));
      await expect(scan).rejects.toMatchObject({
        message: expect.stringMatching(`secrets: GitHub token in big line ${line}\\. `),
      });
    }
  });

  test('finds a secret in binary files and in UTF-16', async () => {
    const secret = `ghp_${random(mixed, 36)}`;
    await expect(
      refused(
        treeOf({ bin: Buffer.concat([randomBytes(50), Buffer.from([0]), Buffer.from(secret), Buffer.from([0, 255])]) }),
      ),
    ).rejects.toThrow('bin line');
    await expect(refused(treeOf({ wide: Buffer.from(`\n${secret}`, 'utf16le') }))).rejects.toThrow('wide line 2');
  });

  test('finds one in names, targets of links and what is told about the tree, and never repeats it', async () => {
    const secret = `ghp_${random(mixed, 36)}`;
    const tree = treeOf({ [`keys/${secret}/${secret}.txt`]: `line 1\n${secret}` });
    const link: ManifestEntry = { type: 'symlink', path: 'link', target: `https://x/${secret}` };
    const words = [
      { place: 'the prompt', text: `Use ${secret}.` },
      { place: 'the words of R-1, version 1', text: 'It shall greet.' },
    ];
    const places = await secretPlaces({ ...tree, entries: [...tree.entries, link] }, words);
    expect(places).toEqual([
      'GitHub token in the name of keys/…/…',
      'GitHub token in keys/…/… line 2',
      'GitHub token in link line 1',
      'GitHub token in the prompt',
    ]);
  });

  test('lets pass what a person waived, and nothing beside it', async () => {
    const tree = treeOf({ 'a.txt': `ghp_${random(mixed, 36)}`, 'b.txt': `\nghp_${random(mixed, 36)}` });
    const [first = '', second = ''] = await secretPlaces(tree, []);
    await expect(refused(tree, [first])).rejects.toThrow(/secrets: GitHub token in b\.txt line 2\. /);
    await expect(refused(tree, [first, second])).resolves.toBeUndefined();
  });

  test('keeps long places apart, each short enough to be waived', async () => {
    const long = 'deep/'.repeat(60);
    const tree = treeOf({ [`${long}a`]: `ghp_${random(mixed, 36)}`, [`${long}b`]: `ghp_${random(mixed, 36)}` });
    const places = await secretPlaces(tree, []);
    expect(new Set(places).size).toBe(2);
    for (const place of places) expect(place.length).toBeLessThanOrEqual(200);
  });

  test('takes a tree without secrets', async () => {
    await expect(
      refused(treeOf({ 'a.txt': 'hello', empty: '', noise: randomBytes(300_000) })),
    ).resolves.toBeUndefined();
  });

  test('is not held up by a line made to hold it up', async () => {
    const started = performance.now();
    await refused(
      treeOf({
        a: 'eyJ'.repeat(300_000),
        b: 'a://b:'.repeat(200_000),
        c: '-----BEGIN PRIVATE KEY-----'.repeat(30_000),
        d: 'sk-'.repeat(300_000),
      }),
    );
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});
