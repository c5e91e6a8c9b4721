import { hash } from 'node:crypto';
import type { ManifestEntry } from '@devfactory/contracts';
import { DomainError, type SourceTree } from '@devfactory/kit';
import { isPlaceholder, secretRules } from './secret-rules.ts';

/** Something that looks like a real secret. The secret itself is not in it: findings end up in events and messages. */
export interface SecretFinding {
  readonly path: string;
  /** From 1; 0 for what has no lines. */
  readonly line: number;
  readonly kind: string;
}

const namedFindings = 10;
const longestPlace = 200;
/** Read this much at once; longer lines are looked at in overlapping windows. */
const windowBytes = 256 * 1024;
const overlapBytes = 8 * 1024;

/** What travels beside a tree, with the name that a person is told of it. */
export interface DeliveredWords {
  readonly place: string;
  readonly text: string;
}

/**
 * Places of what looks like secrets: in every file of a tree, binary ones too, in names and targets of links, and in what is told about
 * it. A place never holds the secret, and is the same each time for the same tree and words.
 */
export async function secretPlaces(tree: SourceTree, words: readonly DeliveredWords[]): Promise<string[]> {
  const places = new Set<string>();
  for (const entry of tree.entries)
    for (const { kind, path, line } of await scanEntry(tree, entry))
      places.add(cutPlace(`${kind} in ${path}${line === 0 ? '' : ` line ${line}`}`));
  for (const { place, text } of words)
    for (const { kind } of findSecrets(place, text, 1)) places.add(cutPlace(`${kind} in ${place}`));
  return [...places];
}

/** Throws secret_found, naming places but never a secret, unless a person waived each of them. */
export async function refuseSecrets(
  tree: SourceTree,
  { words, waived }: { readonly words: readonly DeliveredWords[]; readonly waived: ReadonlySet<string> },
): Promise<void> {
  const found = (await secretPlaces(tree, words)).filter((place) => !waived.has(place));
  if (found.length > 0) throw secretFound(found);
}

function secretFound(places: readonly string[]): DomainError {
  const more = places.length > namedFindings ? ` and ${places.length - namedFindings} more` : '';
  const message = `Nothing was delivered, because the result holds what looks like secrets: ${places.slice(0, namedFindings).join('; ')}${more}. Ask for them to be removed, verify and approve again, and make the secrets invalid; or say why they may go (Deliver in the console, devfactory waive-secrets).`;
  return new DomainError('secret_found', 'conflict', { message });
}

/** Long places stay apart from each other when they are cut. */
function cutPlace(place: string): string {
  return place.length <= longestPlace
    ? place
    : `${place.slice(0, longestPlace - 30).toWellFormed()}… ${hash('sha256', place, 'hex').slice(0, 16)}`;
}

/** A name that is a secret is told without it. */
function toldPath(path: string): string {
  const told = path
    .split('/')
    .map((part) => (findSecrets('', part, 1).length === 0 ? part : '…'))
    .join('/');
  return findSecrets('', told, 1).length === 0 ? told : 'a path';
}

async function scanEntry(tree: SourceTree, entry: ManifestEntry): Promise<SecretFinding[]> {
  const path = toldPath(entry.path);
  const inName = findSecrets('', entry.path, 1).map(({ kind }) => ({ path: `the name of ${path}`, kind, line: 0 }));
  if (entry.type === 'directory') return inName;
  if (entry.type === 'symlink') return [...inName, ...findSecrets(path, entry.target, 1)];
  const findings: SecretFinding[] = inName;
  const seen = new Set<string>();
  let held = '';
  let line = 1;
  const look = (text: string): void => {
    for (const finding of findSecrets(path, text, line)) {
      // Windows overlap, so the same one can be seen twice.
      const name = `${finding.line}:${finding.kind}`;
      if (!seen.has(name)) findings.push(finding);
      seen.add(name);
    }
  };
  for await (const chunk of tree.read(entry)) {
    // One character a byte: secrets are ASCII, and a binary file or another encoding cannot hide them behind a decoding error.
    held += Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length).toString('latin1');
    if (held.length < windowBytes) continue;
    look(held);
    const rest = held.slice(-overlapBytes);
    line += countLines(held) - countLines(rest);
    held = rest;
  }
  look(held);
  return findings;
}

/** Secrets in a text whose first line has the number `firstLine`. */
export function findSecrets(path: string, text: string, firstLine: number): SecretFinding[] {
  const found = new Map<string, SecretFinding>();
  // Every second byte NUL is UTF-16, as some editors of Windows write it.
  const plain = text.includes('\0') ? `${text}\n${text.replaceAll('\0', '')}` : text;
  for (const { name, pattern, confirm } of secretRules) {
    for (const match of plain.matchAll(pattern)) {
      const secret = match[1] ?? '';
      if (isPlaceholder(secret) || confirm?.(secret) === false) continue;
      const line = lineAt(text, plain, match.index) + firstLine;
      found.set(`${line} ${name}`, { path, kind: name, line });
    }
  }
  return [...found.values(), ...findPrivateKeys(path, text, firstLine)];
}

/** A PEM frame alone is a name; with a real body in it, it is a key. */
function findPrivateKeys(path: string, text: string, firstLine: number): SecretFinding[] {
  const found: SecretFinding[] = [];
  for (const match of text.matchAll(/-----BEGIN (?:[A-Z]{2,20} )?PRIVATE KEY-----/g)) {
    const start = match.index + match[0].length;
    // In source code line breaks may be written as \n, and each line may be quoted.
    const body = text.slice(start, start + 600).replaceAll(/\\[nr]|[\s"'+,;]/g, '');
    const key = /^(?:(?:Proc-Type|DEK-Info):[A-Za-z0-9,:-]{1,100}?)*([A-Za-z0-9/=]{60})/.exec(body)?.[1];
    if (key !== undefined && !isPlaceholder(key))
      found.push({ path, kind: 'private key', line: countLines(text.slice(0, match.index)) + firstLine });
  }
  return found;
}

/** Line of a match; one in the second reading of a text with NULs counts from where that begins. */
function lineAt(text: string, plain: string, index: number): number {
  const start = index > text.length ? text.length + 1 : 0;
  return countLines(plain.slice(start, index));
}

function countLines(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}
