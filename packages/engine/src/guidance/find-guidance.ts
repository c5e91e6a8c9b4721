import { createHash } from 'node:crypto';
import {
  mostGuidance,
  mostGuidanceBytes,
  readSkillHead,
  readToolServers,
  type Checkpoint,
  type GuidanceItem,
  type ToolServer,
} from '@devfactory/contracts';
import type { BlobStore } from '@devfactory/kit';
import { loadManifest, readObject, type Manifest } from '../checkpoints/index.ts';
import type { FileEntry } from '../checkpoints/paths.ts';
import { decodeGuidance } from './guidance-text.ts';
import { listingOf } from './skill-files.ts';

export interface FoundGuidance {
  readonly items: readonly GuidanceItem[];
  readonly leftOut: number;
}

type Place = Pick<GuidanceItem, 'kind' | 'path' | 'name'>;

/** What the files of a checkpoint bring that would steer an agent, nearest to the root first. Nothing of it is followed by being found. */
export async function findGuidance(blobs: BlobStore, checkpoint: Checkpoint): Promise<FoundGuidance> {
  const manifest = await loadManifest(blobs, checkpoint);
  const files = manifest.entries.filter((entry): entry is FileEntry => entry.type === 'file' && !entry.raw);
  const places = files
    .flatMap((file) => {
      const place = placeOf(file.path);
      return place ? [{ file, place }] : [];
    })
    .toSorted((a, b) => depthOf(a.file) - depthOf(b.file) || (a.file.path < b.file.path ? -1 : 1));
  const items: GuidanceItem[] = [];
  for (const { file, place } of places.slice(0, mostGuidance))
    items.push(await itemOf({ blobs, manifest }, place, file));
  return { items, leftOut: Math.max(0, places.length - mostGuidance) };
}

const named = /^(?:[^/]+\/)*AGENTS\.md$/;
const skillFolder = /^(?:\.agents\/skills|\.claude\/skills|skills)\/([^/]+)\/SKILL\.md$/;
/** A skill with more is none that anybody reads before trusting it. */
const mostSkillFiles = 100;
/** Names that people could not tell apart, or that would not fit, steer nobody. */
const plain = /^[^\p{C}]{1,200}$/u;

function placeOf(path: string): Place | null {
  if (!plain.test(path)) return null;
  if (named.test(path)) return { kind: 'instructions', path, name: 'AGENTS.md' };
  if (path === '.mcp.json') return { kind: 'servers', path, name: path };
  const folder = skillFolder.exec(path)?.[1];
  return folder === undefined ? null : { kind: 'skill', path, name: folder.slice(0, 64) };
}

async function itemOf(
  source: { readonly blobs: BlobStore; readonly manifest: Manifest },
  place: Place,
  file: FileEntry,
): Promise<GuidanceItem> {
  const { blobs, manifest } = source;
  const known = { ...place, about: '', bytes: file.size, hash: file.object };
  if (file.size > mostGuidanceBytes)
    return { ...known, body: null, trouble: `It is larger than ${mostGuidanceBytes / 1024} KB.` };
  const bytes = await readObject(blobs, manifest, file);
  const text = decodeGuidance(bytes);
  if (text === null) return { ...known, body: null, trouble: 'It is not text in UTF-8.' };
  if (place.kind === 'skill') return skillItem(source, { ...known, trouble: '', body: await blobs.put(bytes) }, text);
  const item = { ...known, hash: hashOf(bytes), body: await blobs.put(bytes), trouble: '' };
  if (place.kind !== 'servers') return item;
  const read = readToolServers(text);
  return 'trouble' in read
    ? { ...item, body: null, trouble: read.trouble }
    : { ...item, about: serverWords(read.servers) };
}

function serverWords(servers: readonly ToolServer[]): string {
  const words = servers.map(({ name, command, args }) => `${name}: ${[command, ...args].join(' ')}`).join('; ');
  return words
    .replaceAll(/[\p{C}\s]+/gu, ' ')
    .slice(0, 200)
    .toWellFormed();
}

/** Trust in a skill is trust in all that lies in its folder. */
async function skillItem(
  { blobs, manifest }: { readonly blobs: BlobStore; readonly manifest: Manifest },
  item: GuidanceItem,
  text: string,
): Promise<GuidanceItem> {
  const folder = item.path.slice(0, -'SKILL.md'.length);
  const inside = manifest.entries.filter((entry) => entry.path.startsWith(folder) && entry.type !== 'directory');
  const files = inside.flatMap((entry) =>
    entry.type === 'file' && !entry.raw
      ? [{ path: entry.path.slice(folder.length), hash: `${entry.mode & 0o100 ? 'x' : ''}${entry.object}` }]
      : [],
  );
  const listing = listingOf(files);
  const known = { ...item, hash: hashOf(listing) };
  const head = readSkillHead(text);
  if ('trouble' in head) return { ...known, body: null, trouble: head.trouble };
  if (inside.length > mostSkillFiles)
    return { ...known, body: null, trouble: `Its folder holds more than ${mostSkillFiles} files.` };
  if (files.length < inside.length)
    return { ...known, body: null, trouble: 'Its folder holds links, or names that are no text.' };
  return { ...known, ...head, manifest: await blobs.put(listing) };
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function depthOf({ path }: FileEntry): number {
  return path.split('/').length;
}
