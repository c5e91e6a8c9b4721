import type { ManifestEntry } from '@devfactory/contracts';
import { DomainError, type SourceTree } from '@devfactory/kit';
import { isPlaceholder, secretRules } from './secret-rules.ts';

/** Something that looks like a real secret. The secret itself is not in it: findings end up in events and messages. */
export interface SecretFinding {
  readonly path: string;
  readonly line: number;
  readonly kind: string;
}

const namedFindings = 10;
/** Read this much at once; longer lines are looked at in overlapping windows. */
const windowBytes = 256 * 1024;
const overlapBytes = 8 * 1024;

/**
 * Looks through every file of a tree before it is delivered, binary ones too, and through the targets of symlinks.
 * Throws secret_found, naming paths and lines but never the secret.
 */
export async function scanForSecrets(tree: SourceTree): Promise<void> {
  const findings: SecretFinding[] = [];
  for (const entry of tree.entries) findings.push(...(await scanEntry(tree, entry)));
  if (findings.length === 0) return;
  const places = findings.slice(0, namedFindings).map(({ kind, path, line }) => `${kind} in ${path} line ${line}`);
  const more = findings.length > namedFindings ? ` and ${findings.length - namedFindings} more` : '';
  const message = `Nothing was delivered, because the result holds what looks like secrets: ${places.join('; ')}${more}. Ask for them to be removed, verify and approve again, and make the secrets invalid.`;
  throw new DomainError('secret_found', 'conflict', { message });
}

async function scanEntry(tree: SourceTree, entry: ManifestEntry): Promise<SecretFinding[]> {
  if (entry.type === 'directory') return [];
  if (entry.type === 'symlink') return findSecrets(entry.path, entry.target, 1);
  const findings: SecretFinding[] = [];
  const seen = new Set<string>();
  let held = '';
  let line = 1;
  const look = (text: string): void => {
    for (const finding of findSecrets(entry.path, text, line)) {
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
