export interface StoredBlob {
  readonly digest: string;
  readonly size: number;
  /** When it was stored last, by the store's clock. Milliseconds since 1970. */
  readonly storedAt: number;
}

/**
 * Content-addressed bytes: the digest (SHA-256, hex) is the name. Implementations hash what they are given and verify what they read.
 * Every method may throw DomainError('blob_*'); all may be called again and concurrently.
 */
export interface BlobStore {
  readonly id: string;
  /** Where it is, for people: a folder, an account and container. Without a secret. */
  readonly place: string;
  /**
   * Stores bytes and gives their digest. Returns only after they are durable. Storing the same bytes twice is one blob, whose date
   * is then the later one.
   */
  put(bytes: Uint8Array): Promise<string>;
  /** The same for bytes that do not fit into memory. */
  putStream(bytes: AsyncIterable<Uint8Array>): Promise<{ digest: string; size: number }>;
  /** The bytes, verified against the digest. Throws blob_missing or blob_corrupt. */
  get(digest: string): Promise<Uint8Array>;
  /** A part of a blob, unverified: for packs, whose objects carry digests of their own. */
  getRange(digest: string, range: { readonly offset: number; readonly length: number }): Promise<Uint8Array>;
  /** As a stream, verified at its end: an error ends a stream whose bytes are not what the digest says. */
  getStream(digest: string): AsyncIterable<Uint8Array>;
  has(digest: string): Promise<boolean>;
  size(digest: string): Promise<number | null>;
  /** Removing what is not there is no error. */
  remove(digest: string): Promise<void>;
  /**
   * Removes a blob that was stored last before `before`; false when it was stored, or stored again, since then, or is not there.
   * Nothing that `put` returned for after `before` is ever removed, whatever happens at the same time.
   */
  removeOlder(digest: string, before: number): Promise<boolean>;
  list(): AsyncIterable<StoredBlob>;
  /**
   * Called now and then, by any process: lets what was stored last long ago lie where it costs less. Whatever it does, every blob can be
   * read as before, and at once. Gives what it moved. A store without such a place has no such method.
   */
  cool?(): Promise<{ readonly blobs: number; readonly bytes: number }>;
}
