import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompress } from 'node:zlib';

/** A run of bytes in a pack that is compressed as one: many small objects, or a part of a large one. */
export interface Block {
  /** Digest of the pack's blob. */
  readonly pack: string;
  readonly offset: number;
  /** Bytes in the pack. */
  readonly length: number;
  readonly codec: 'zstd' | 'none';
  /** Bytes when unpacked. */
  readonly size: number;
}

/** Where an object's bytes are: from `start` of the first block on, through the following ones. */
export interface Location {
  readonly blocks: readonly Block[];
  readonly start: number;
}

export interface PackedBlock {
  readonly bytes: Uint8Array;
  readonly codec: Block['codec'];
}

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

/** Compresses where that saves at least a twentieth. */
export async function packBlock(bytes: Uint8Array): Promise<PackedBlock> {
  const packed = await compress(bytes, { params: { [constants.ZSTD_c_compressionLevel]: 3 } });
  return packed.length < bytes.length * 0.95 ? { bytes: packed, codec: 'zstd' } : { bytes, codec: 'none' };
}

/** The bytes of a block as it lies in its pack. Throws when they are not what they were; never gives more than `size`. */
export async function unpackBlock(bytes: Uint8Array, block: Block): Promise<Uint8Array> {
  const unpacked =
    block.codec === 'none' ? bytes : await decompress(bytes, { maxOutputLength: Math.max(1, block.size) });
  if (unpacked.length !== block.size) throw new Error(`a block has ${unpacked.length} bytes instead of ${block.size}`);
  return unpacked;
}
