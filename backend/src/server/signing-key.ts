import { createPrivateKey, createPublicKey, generateKeyPairSync, hash, sign } from 'node:crypto';
import { chmod, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DomainError, type Signer } from '@devfactory/kit';
import { writeDurably } from './write-durably.ts';

/** The installation's own key for provenance, made once, in a file that only its owner reads. Throws signing_key_broken. */
export async function openSigner(dataDir: string): Promise<Signer> {
  const file = join(dataDir, 'signing-key');
  let pem = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (pem === null) {
    pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    await writeDurably(file, pem, 0o600);
  } else await chmod(file, 0o600);
  const key = keyOf(pem, file);
  const publicKey = createPublicKey(key);
  return {
    keyId: hash('sha256', publicKey.export({ type: 'spki', format: 'der' }), 'hex'),
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    sign: async (bytes) => sign(null, bytes, key),
  };
}

function keyOf(pem: string, file: string) {
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // Said below: what a broken key holds belongs into no message.
  }
  throw new DomainError('signing_key_broken', 'unavailable', {
    message: `${file} does not hold an Ed25519 key. Put it back from where it was kept; a new one signs in another name.`,
  });
}
