/**
 * Git's ignore rules, as `git check-ignore --no-index` answers them. Written for hostile files: patterns are never turned into
 * regular expressions, and matching takes at most (pattern length x path length) steps.
 * Texts are byte strings (one character each byte), because git's `?` and `[...]` match bytes.
 */
export interface IgnoreRules {
  /** What these rules say about a path relative to their folder: true ignored, false kept in spite of earlier rules, null nothing. */
  match(path: string, isFolder: boolean): boolean | null;
}

interface Rule {
  readonly keeps: boolean;
  readonly foldersOnly: boolean;
  /** Path segments when bound to the rules' folder; otherwise one segment for a name at any depth. */
  readonly segments: readonly string[];
  readonly anchored: boolean;
}

const maxBytes = 256 * 1024;
const maxRule = 4096;

/** Reads a .gitignore. Rules longer than 4 KiB and what comes after 256 KiB do not count: no real project has them. */
export function parseIgnoreRules(bytes: Uint8Array): IgnoreRules {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, maxBytes)).toString('latin1');
  const rules = text
    .replace(/^\xef\xbb\xbf/, '')
    .split('\n')
    .map((line) => parseRule(line.endsWith('\r') ? line.slice(0, -1) : line))
    .filter((rule) => rule !== null)
    .toReversed();
  return {
    match(path, isFolder) {
      const rule = rules.find((item) => (isFolder || !item.foldersOnly) && matches(item, path));
      return rule ? !rule.keeps : null;
    },
  };
}

function parseRule(line: string): Rule | null {
  if (line.startsWith('#') || line.length > maxRule) return null;
  let pattern = withoutTrailingSpaces(line);
  const keeps = pattern.startsWith('!');
  if (keeps) pattern = pattern.slice(1);
  const foldersOnly = pattern.endsWith('/');
  if (foldersOnly) pattern = pattern.slice(0, -1);
  if (pattern === '') return null;
  const anchored = pattern.includes('/');
  if (pattern.startsWith('/')) pattern = pattern.slice(1);
  return { keeps, foldersOnly, anchored, segments: anchored ? splitPattern(pattern) : [pattern] };
}

/** Segments between slashes; one inside of `[...]` is a member of the class. */
function splitPattern(pattern: string): string[] {
  const segments: string[] = [];
  let start = 0;
  for (let at = 0; at < pattern.length;) {
    if (pattern[at] === '/' || pattern.startsWith('\\/', at)) {
      segments.push(pattern.slice(start, at));
      at += pattern[at] === '/' ? 1 : 2;
      start = at;
    } else if (pattern[at] === '[') at = readClass(pattern, at + 1, -1)?.next ?? pattern.length;
    else at += pattern[at] === '\\' ? 2 : 1;
  }
  return [...segments, pattern.slice(start)];
}

/** Spaces at the end do not count, unless a backslash stands before them. */
function withoutTrailingSpaces(line: string): string {
  let end = 0;
  for (let at = 0; at < line.length; at += 1) {
    if (line[at] === '\\') at += 1;
    else if (line[at] === ' ') continue;
    end = at + 1;
  }
  return line.slice(0, end);
}

function matches(rule: Rule, path: string): boolean {
  if (!rule.anchored) return matchSegment(rule.segments[0] ?? '', path.slice(path.lastIndexOf('/') + 1));
  return matchPath(rule.segments, path.split('/'));
}

/** `**` as a whole segment stands for any number of folders; at the end for at least one name. */
function matchPath(pattern: readonly string[], path: readonly string[]): boolean {
  let [at, position] = [0, 0];
  let retry: { readonly pattern: number; readonly path: number } | null = null;
  while (position < path.length) {
    const segment = pattern[at];
    if (segment === '**') {
      if (at === pattern.length - 1) return true;
      at += 1;
      retry = { pattern: at, path: position };
    } else if (segment !== undefined && matchSegment(segment, path[position] ?? '')) {
      at += 1;
      position += 1;
    } else if (retry) {
      // Only the last `**` needs to be tried longer: what an earlier one could take, this one can too.
      retry = { pattern: retry.pattern, path: retry.path + 1 };
      at = retry.pattern;
      position = retry.path;
    } else return false;
  }
  return at === pattern.length;
}

/** Wildcards inside of one name. */
function matchSegment(pattern: string, name: string): boolean {
  let [at, position] = [0, 0];
  let retry: { readonly pattern: number; readonly name: number } | null = null;
  while (position < name.length) {
    if (pattern[at] === '*') {
      at += 1;
      retry = { pattern: at, name: position };
      continue;
    }
    const next = matchOne(pattern, at, name.charCodeAt(position));
    if (next !== null) {
      at = next;
      position += 1;
    } else if (retry) {
      retry = { pattern: retry.pattern, name: retry.name + 1 };
      at = retry.pattern;
      position = retry.name;
    } else return false;
  }
  while (pattern[at] === '*') at += 1;
  return at === pattern.length;
}

/** Matches one byte against the pattern's element at `at`; gives the place of the next element, or null. */
function matchOne(pattern: string, at: number, byte: number): number | null {
  if (at >= pattern.length) return null;
  if (pattern[at] === '?') return at + 1;
  if (pattern[at] === '[') return matchClass(pattern, at + 1, byte);
  const escaped = pattern[at] === '\\';
  // A backslash at the very end is no valid pattern and matches nothing.
  return pattern.charCodeAt(escaped ? at + 1 : at) === byte ? at + (escaped ? 2 : 1) : null;
}

const namedClasses: Readonly<Record<string, (byte: number) => boolean>> = {
  alnum: (byte) => isDigit(byte) || isLower(byte) || isUpper(byte),
  alpha: (byte) => isLower(byte) || isUpper(byte),
  blank: (byte) => byte === 32 || byte === 9,
  cntrl: (byte) => byte < 32 || byte === 127,
  digit: isDigit,
  graph: (byte) => byte > 32 && byte < 127,
  lower: isLower,
  print: (byte) => byte >= 32 && byte < 127,
  punct: (byte) => byte > 32 && byte < 127 && !isDigit(byte) && !isLower(byte) && !isUpper(byte),
  space: (byte) => byte === 32 || (byte >= 9 && byte <= 13),
  upper: isUpper,
  xdigit: (byte) => isDigit(byte) || (byte >= 65 && byte <= 70) || (byte >= 97 && byte <= 102),
};

/** `[a-z]`, `[!a]`, `[[:digit:]]`. A class without an end matches nothing. */
function matchClass(pattern: string, start: number, byte: number): number | null {
  const read = readClass(pattern, start, byte);
  return read?.has ? read.next : null;
}

function readClass(
  pattern: string,
  start: number,
  byte: number,
): { readonly has: boolean; readonly next: number } | null {
  const negated = pattern[start] === '!' || pattern[start] === '^';
  const first = negated ? start + 1 : start;
  let at = first;
  let found = false;
  while (at < pattern.length && (at === first || pattern[at] !== ']')) {
    const member = readMember(pattern, at, byte);
    if (!member) return null;
    found ||= member.has;
    at = member.next;
  }
  return at < pattern.length ? { has: found !== negated, next: at + 1 } : null;
}

/** One byte, a range, or a named class, which git may also find unknown. */
function readMember(
  pattern: string,
  at: number,
  byte: number,
): { readonly has: boolean; readonly next: number } | null {
  const named = pattern.startsWith('[:', at) ? pattern.indexOf(':]', at + 2) : -1;
  if (named > 0) {
    const test = namedClasses[pattern.slice(at + 2, named)];
    return test ? { has: test(byte), next: named + 2 } : null;
  }
  const low = literal(pattern, at);
  if (pattern[low.next] !== '-' || low.next + 1 >= pattern.length || pattern[low.next + 1] === ']')
    return { has: byte === low.byte, next: low.next };
  const high = literal(pattern, low.next + 1);
  return { has: byte >= low.byte && byte <= high.byte, next: high.next };
}

function literal(pattern: string, at: number): { readonly byte: number; readonly next: number } {
  const escaped = pattern[at] === '\\' && at + 1 < pattern.length;
  return { byte: pattern.charCodeAt(escaped ? at + 1 : at), next: at + (escaped ? 2 : 1) };
}

function isDigit(byte: number): boolean {
  return byte >= 48 && byte <= 57;
}
function isLower(byte: number): boolean {
  return byte >= 97 && byte <= 122;
}
function isUpper(byte: number): boolean {
  return byte >= 65 && byte <= 90;
}
