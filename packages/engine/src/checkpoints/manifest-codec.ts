import { promisify } from 'node:util';
import { zstdCompress, zstdDecompress } from 'node:zlib';
import { Digest, type ManifestEntry } from '@devfactory/contracts';
import { z } from 'zod';
import type { Block, Location } from './packs/block.ts';
import { byKey, keyOf } from './paths.ts';
import { sideBySide } from './side-by-side.ts';

/** Everything a checkpoint brings back, and where its bytes are. */
export interface ManifestBody {
  /** Workspace whose stamps these are. */
  readonly workspace: string;
  /** In byte order of the path, so parents come before what is in them. */
  readonly entries: readonly ManifestEntry[];
  /** Keys (see `keyOf`) of the entries that make up the source tree. */
  readonly source: ReadonlySet<string>;
  /** By key: the file's stamp when its bytes were read. A file whose stamp is the same need not be read again. */
  readonly stamps: ReadonlyMap<string, string>;
  /** By object digest. */
  readonly locations: ReadonlyMap<string, Location>;
  /** Re-creatable caches, special files and what could not be read, each with the reason. */
  readonly leftOut: readonly { readonly path: string; readonly why: string }[];
}

/** A manifest and where it is stored. */
export interface StoredAs {
  readonly digest: string;
  readonly body: ManifestBody;
  /** Bytes of its blob. */
  readonly bytes: number;
  /** The whole manifest that it is told against; null when it is whole itself. */
  readonly base: StoredAs | null;
  /** Bytes of all the manifests that were told against that base before it. */
  readonly spent: number;
}

const flag = z.union([z.literal(0), z.literal(1)]);
const count = z.int().min(0);

/** As stored: zstd over JSON. Rows instead of objects, since a manifest may hold 200,000 of them. */
const StoredManifest = z.strictObject({
  format: z.literal('devfactory-manifest'),
  version: z.union([z.literal(1), z.literal(2)]),
  workspace: z.string(),
  /** Version 2: the whole manifest that this one differs from, in `entries` and `gone`; null when this one is whole. */
  base: Digest.nullable().default(null),
  spent: count.default(0),
  /** Paths as bytes, one character each. */
  gone: z.array(z.string()).default([]),
  packs: z.array(Digest),
  /** [pack, offset, length, zstd, size] */
  blocks: z.array(z.tuple([count, count, count, flag, count])),
  /** [object, first block, number of blocks, start] */
  objects: z.array(z.tuple([Digest, count, count, count])),
  leftOut: z.array(z.tuple([z.string(), z.string()])),
  entries: z.array(
    z.union([
      /** ['f', path, raw, source, mode, size, object, mtimeMs, stamp] */
      z.tuple([z.literal('f'), z.string(), flag, flag, count, count, count, z.number(), z.string()]),
      /** ['l', path, raw, source, target] */
      z.tuple([z.literal('l'), z.string(), flag, flag, z.string()]),
      /** ['d', path, raw, mode] */
      z.tuple([z.literal('d'), z.string(), flag, count]),
    ]),
  ),
});
type StoredManifest = z.infer<typeof StoredManifest>;
type Row = StoredManifest['entries'][number];

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);
/** What a manifest of the largest allowed workspace stays well below. */
const maxBytes = 512 * 1024 * 1024;

/**
 * A manifest as it is stored: what differs from `base`, or all of it. The same manifest told against the same base always gives the
 * same bytes.
 */
export async function encodeManifest(
  body: ManifestBody,
  against: Pick<StoredAs, 'base' | 'spent'> = { base: null, spent: 0 },
): Promise<Uint8Array> {
  const { base, spent } = against;
  const { changed, gone } = base ? differenceOf(base.body, body) : { changed: body.entries, gone: [] };
  const places = new PlaceTable();
  const entries = changed.map((entry) => rowOf(entry, body, places));
  const stored: StoredManifest = {
    format: 'devfactory-manifest',
    version: 2,
    workspace: body.workspace,
    base: base?.digest ?? null,
    spent,
    gone,
    packs: places.packs.names,
    blocks: places.blocks,
    objects: places.objects,
    leftOut: body.leftOut.map(({ path, why }) => [path, why]),
    entries,
  };
  return compress(Buffer.from(JSON.stringify(stored)));
}

/** `baseOf` gives the manifest that this one is told against. */
export async function decodeManifest(
  bytes: Uint8Array,
  baseOf: (digest: string) => Promise<StoredAs>,
): Promise<Omit<StoredAs, 'digest'>> {
  const text = await decompress(bytes, { maxOutputLength: maxBytes });
  const stored = StoredManifest.parse(JSON.parse(text.toString('utf8')));
  const base = stored.base === null ? null : await baseOf(stored.base);
  if (base?.base) throw new Error(`it is told against ${base.digest}, which is not whole`);
  return { body: bodyOf(stored, base?.body ?? null), bytes: bytes.length, base, spent: stored.spent };
}

function bodyOf(stored: StoredManifest, base: ManifestBody | null): ManifestBody {
  const placed = locationsOf(stored);
  const changed = new Map(stored.entries.map((row) => [keyOf(nameOf(row)), row]));
  const kept = withoutKeys(base?.entries ?? [], new Set([...stored.gone, ...changed.keys()]));
  const told = stored.entries.map((row) => entryOf(row, stored));
  const source = new Set<string>();
  const stamps = new Map<string, string>();
  const locations = new Map<string, Location>();
  const entries = base ? inByteOrder([...kept, ...told]) : told;
  for (const entry of entries) {
    const key = keyOf(entry);
    const row = changed.get(key);
    if (row ? row[0] !== 'd' && row[3] === 1 : base?.source.has(key)) source.add(key);
    if (entry.type !== 'file') continue;
    const stamp = row ? row[0] === 'f' && row[8] : base?.stamps.get(key);
    if (stamp) stamps.set(key, stamp);
    const location = placed.get(entry.object) ?? base?.locations.get(entry.object);
    if (location) locations.set(entry.object, location);
  }
  const leftOut = stored.leftOut.map(([path, why]) => ({ path, why }));
  return { workspace: stored.workspace, entries, source, stamps, locations, leftOut };
}

function locationsOf(stored: StoredManifest): Map<string, Location> {
  const blocks = stored.blocks.map(([pack, offset, length, zstd, size]): Block => ({
    pack: at(stored.packs, pack),
    offset,
    length,
    codec: zstd ? 'zstd' : 'none',
    size,
  }));
  const locations = new Map<string, Location>();
  for (const [object, first, many, start] of stored.objects)
    locations.set(object, { start, blocks: blocks.slice(first, first + many) });
  return locations;
}

function withoutKeys(entries: readonly ManifestEntry[], keys: ReadonlySet<string>): ManifestEntry[] {
  return entries.filter((entry) => !keys.has(keyOf(entry)));
}

function inByteOrder(entries: readonly ManifestEntry[]): ManifestEntry[] {
  const keyed = entries.map((entry) => ({ key: keyOf(entry), entry }));
  return keyed.sort((a, b) => byKey(a.key, b.key)).map(({ entry }) => entry);
}

/** Entries of `body` that are not so in `base`, and keys that `base` alone has. */
export function differenceOf(
  base: ManifestBody,
  body: ManifestBody,
): { readonly changed: readonly ManifestEntry[]; readonly gone: string[] } {
  const gone: string[] = [];
  const changed: ManifestEntry[] = [];
  const told = (entry: ManifestEntry): boolean => {
    const key = keyOf(entry);
    return body.stamps.get(key) !== base.stamps.get(key) || body.source.has(key) !== base.source.has(key);
  };
  for (const { key, before, after } of sideBySide(base.entries, body.entries, told)) {
    if (after) changed.push(after);
    else if (before) gone.push(key);
  }
  return { changed, gone };
}

/** Packs that a manifest's objects lie in, in a stable order. */
export function packsOf(body: ManifestBody): string[] {
  const packs = new Set<string>();
  for (const location of body.locations.values()) for (const block of location.blocks) packs.add(block.pack);
  return [...packs].toSorted();
}

function rowOf(entry: ManifestEntry, body: ManifestBody, places: PlaceTable): Row {
  const key = keyOf(entry);
  const raw = entry.raw ? 1 : 0;
  const source = body.source.has(key) ? 1 : 0;
  switch (entry.type) {
    case 'file':
      return [
        'f',
        entry.path,
        raw,
        source,
        entry.mode,
        entry.size,
        places.of(entry.object, body.locations),
        entry.mtimeMs,
        body.stamps.get(key) ?? '',
      ];
    case 'symlink':
      return ['l', entry.path, raw, source, entry.target];
    case 'directory':
      return ['d', entry.path, raw, entry.mode];
  }
}

function nameOf(row: Row): { readonly path: string; readonly raw?: true } {
  return row[2] === 1 ? { path: row[1], raw: true as const } : { path: row[1] };
}

function entryOf(row: Row, stored: StoredManifest): ManifestEntry {
  const name = nameOf(row);
  switch (row[0]) {
    case 'f':
      return {
        type: 'file',
        ...name,
        mode: row[4],
        size: row[5],
        object: at(stored.objects, row[6])[0],
        mtimeMs: row[7],
      };
    case 'l':
      return { type: 'symlink', ...name, target: row[4] };
    case 'd':
      return { type: 'directory', ...name, mode: row[3] };
  }
}

function at<T>(list: readonly T[], index: number): T {
  const item = list[index];
  if (item === undefined) throw new Error(`the manifest points at row ${index} of ${list.length}`);
  return item;
}

/** Numbers that stand for objects, blocks and packs, given in the order in which they are met. */
class PlaceTable {
  readonly packs = { names: [] as string[], numbers: new Map<string, number>() };
  readonly blocks: StoredManifest['blocks'] = [];
  readonly objects: StoredManifest['objects'] = [];
  readonly #objectNumbers = new Map<string, number>();
  readonly #blockNumbers = new Map<string, number>();

  of(object: string, locations: ManifestBody['locations']): number {
    const known = this.#objectNumbers.get(object);
    if (known !== undefined) return known;
    const location = locations.get(object);
    if (!location) throw new Error(`object ${object} has no place in any pack`);
    const number = this.objects.length;
    this.#objectNumbers.set(object, number);
    this.objects.push([object, this.#blockNumber(location.blocks), location.blocks.length, location.start]);
    return number;
  }

  /** Number of the first of consecutive blocks. */
  #blockNumber(blocks: readonly Block[]): number {
    const first = blocks[0];
    if (!first) return 0;
    const name = `${first.pack}:${first.offset}`;
    const known = this.#blockNumbers.get(name);
    if (known !== undefined) return known;
    const number = this.blocks.length;
    this.#blockNumbers.set(name, number);
    for (const block of blocks)
      this.blocks.push([
        this.#packNumber(block.pack),
        block.offset,
        block.length,
        block.codec === 'zstd' ? 1 : 0,
        block.size,
      ]);
    return number;
  }

  #packNumber(pack: string): number {
    const known = this.packs.numbers.get(pack);
    if (known !== undefined) return known;
    this.packs.names.push(pack);
    this.packs.numbers.set(pack, this.packs.names.length - 1);
    return this.packs.names.length - 1;
  }
}
