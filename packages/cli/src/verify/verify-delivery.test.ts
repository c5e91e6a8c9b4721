import { generateKeyPairSync, hash, sign, type KeyObject } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ZipFile } from 'yazl';
import { readArguments } from '../arguments.ts';
import { verifyDelivery } from '../commands/verify-delivery.ts';

/** The tree of `files`, as the engine names it: packages/engine has the same three entries in a test. */
const known = '3dde95c84b1fbc61878358588fffe5bb4d35e31a86f53b38ed4972c57c564114';
const proof = '{"proof":1}';

let folder: string;
let keys: { readonly publicKey: KeyObject; readonly privateKey: KeyObject };
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'devfactory-verify-'));
  keys = generateKeyPairSync('ed25519');
  await writeFile(join(folder, 'p.provenance.json'), envelope(known));
  await writeFile(join(folder, 'p.proof.json'), proof);
  const zip = new ZipFile();
  zip.addBuffer(Buffer.from('a'), 'a.txt', { mode: 0o100644 });
  zip.addBuffer(Buffer.from('a.txt'), 'link', { mode: 0o120777 });
  zip.addBuffer(Buffer.from('#!'), 'deep/run', { mode: 0o100755 });
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(join(folder, 'p.zip')));
  const clone = join(folder, 'clone');
  await mkdir(join(clone, 'deep'), { recursive: true });
  await mkdir(join(clone, '.git'));
  await writeFile(join(clone, '.git', 'HEAD'), 'ref');
  await writeFile(join(clone, 'a.txt'), 'a');
  await symlink('a.txt', join(clone, 'link'));
  await writeFile(join(clone, 'deep', 'run'), '#!');
  await chmod(join(clone, 'deep', 'run'), 0o755);
});
afterAll(() => rm(folder, { recursive: true }));

function envelope(tree: string): string {
  const type = 'application/vnd.in-toto+json';
  const payload = Buffer.from(
    JSON.stringify({
      _type: 'https://in-toto.io/Statement/v1',
      subject: [
        { name: 'source-tree', digest: { devfactoryTree1: tree } },
        { name: 'proof.json', digest: { sha256: hash('sha256', proof, 'hex') } },
      ],
      predicateType: 'https://slsa.dev/provenance/v1',
      predicate: { runDetails: { metadata: { invocationId: 'run_abc/ck-1' } } },
    }),
  );
  const signed = Buffer.concat([Buffer.from(`DSSEv1 ${type.length} ${type} ${payload.length} `), payload]);
  return JSON.stringify({
    payloadType: type,
    payload: payload.toString('base64'),
    signatures: [{ keyid: 'x', sig: sign(null, signed, keys.privateKey).toString('base64') }],
    publicKey: pem(keys.publicKey),
  });
}

const pem = (key: KeyObject): string => key.export({ type: 'spki', format: 'pem' }).toString();

async function verify(...words: string[]): Promise<string> {
  const said: string[] = [];
  const terminal = { out: (line: string) => void said.push(line), talk: (line: string) => void said.push(line) };
  const given = readArguments(words, verifyDelivery.options);
  await verifyDelivery.run({ arguments: given, terminal } as never);
  return said.join('\n');
}

describe('a delivery held against its provenance', () => {
  test('as a ZIP and as a clone, with the proof beside it', async () => {
    expect(await verify(join(folder, 'p.zip'))).toContain('source tree, proof.json: as signed.');
    const key = join(folder, 'key.pem');
    await writeFile(key, pem(keys.publicKey));
    const beside = ['--provenance', join(folder, 'p.provenance.json'), '--key', key];
    expect(await verify(join(folder, 'clone'), ...beside)).not.toContain('compare it');
  });

  test('is refused after any change, and under another key', async () => {
    const other = join(folder, 'other.json');
    await writeFile(other, envelope('0'.repeat(64)));
    await expect(verify(join(folder, 'p.zip'), '--provenance', other)).rejects.toThrow('it was changed');
    const forged = JSON.parse(await readFile(join(folder, 'p.provenance.json'), 'utf8')) as { payload: string };
    forged.payload = Buffer.from(
      Buffer.from(forged.payload, 'base64').toString().replace('run_abc', 'run_xyz'),
    ).toString('base64');
    await writeFile(other, JSON.stringify(forged));
    await expect(verify(join(folder, 'p.zip'), '--provenance', other)).rejects.toThrow('signature does not fit');
    const stranger = join(folder, 'stranger.pem');
    await writeFile(stranger, pem(generateKeyPairSync('ed25519').publicKey));
    await expect(verify(join(folder, 'p.zip'), '--key', stranger)).rejects.toThrow('not of the key');
    await writeFile(join(folder, 'clone', 'new'), '');
    await expect(verify(join(folder, 'clone'), '--provenance', join(folder, 'p.provenance.json'))).rejects.toThrow(
      'it was changed',
    );
  });
});
