import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { chmod, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DomainError } from '@devfactory/kit';
import { writeDurably } from '../server/write-durably.ts';

const cipher = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;

/** Seals secrets for one use: what was sealed for a provider's address opens for no other. */
export class KeySeal {
  readonly #key: Buffer;

  private constructor(key: Buffer) {
    this.#key = key;
  }

  /** With the installation's own key, made once, in a file that only its owner reads. */
  static async in(dataDir: string): Promise<KeySeal> {
    const file = join(dataDir, 'model-key');
    const known = await readFile(file).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    if (known) {
      await chmod(file, 0o600);
      const key = Buffer.from(known.toString('utf8').trim(), 'base64');
      if (key.length === 32) return new KeySeal(key);
      // A new key in its place would make every sealed secret unreadable for ever.
      throw new DomainError('model_key_file_broken', 'unavailable', {
        message: `${file} does not hold a key. Put it back from where it was kept, or remove it and enter the model keys again.`,
      });
    }
    const key = randomBytes(32);
    await writeDurably(file, key.toString('base64'), 0o600);
    return new KeySeal(key);
  }

  seal(secret: string, use: readonly string[]): string {
    const nonce = randomBytes(nonceBytes);
    const sealing = createCipheriv(cipher, this.#key, nonce, { authTagLength: tagBytes }).setAAD(useOf(use));
    const sealed = Buffer.concat([sealing.update(secret, 'utf8'), sealing.final()]);
    return Buffer.concat([nonce, sealing.getAuthTag(), sealed]).toString('base64');
  }

  /** Null when it was sealed for another use or by another installation. */
  open(sealed: string, use: readonly string[]): string | null {
    const bytes = Buffer.from(sealed, 'base64');
    if (bytes.length < nonceBytes + tagBytes) return null;
    const opening = createDecipheriv(cipher, this.#key, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes })
      .setAAD(useOf(use))
      .setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
    try {
      return opening.update(bytes.subarray(nonceBytes + tagBytes), undefined, 'utf8') + opening.final('utf8');
    } catch {
      return null;
    }
  }
}

function useOf(use: readonly string[]): Buffer {
  return Buffer.from(JSON.stringify(use));
}
