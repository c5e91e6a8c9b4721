import { DomainError } from '@devfactory/kit';

/** A PNG as a browser made it. */
export interface Picture {
  readonly bytes: Uint8Array;
  readonly width: number;
  readonly height: number;
}

const signature = Buffer.from('89504e470d0a1a0a', 'hex');
const widthAt = 16;
const heightAt = 20;
const mostBytes = 8 * 1024 * 1024;

/** Reads no more than the head. Throws DomainError no_picture. */
export function pictureOf(bytes: Buffer): Picture {
  const isPng = bytes.length > heightAt + 4 && bytes.subarray(0, signature.length).equals(signature);
  if (!isPng || bytes.length > mostBytes)
    throw new DomainError('no_picture', 'unavailable', { message: 'The browser gave no picture that can be kept.' });
  return { bytes, width: bytes.readUInt32BE(widthAt), height: bytes.readUInt32BE(heightAt) };
}
