/** A dependency as a build script writes it down. */
export interface Declared {
  /** 'implementation', 'testRuntimeOnly', … */
  readonly configuration: string;
  readonly group: string;
  readonly name: string;
  /** Null where a platform gives it. */
  readonly version: string | null;
  /** A list of versions (BOM), not code. */
  readonly platform: boolean;
}

/** What a build script says without being run. */
export interface Script {
  readonly plugins: readonly { readonly id: string; readonly version: string | null }[];
  readonly dependencies: readonly Declared[];
  /** Lines of its dependencies that only running it could tell. */
  readonly unread: readonly string[];
  readonly javaVersion: string | null;
  readonly mainClass: string | null;
}

/** Entries of gradle/libs.versions.toml by the name that scripts call them by, without `libs.`. */
export interface Catalogue {
  readonly libraries: ReadonlyMap<
    string,
    { readonly group: string; readonly name: string; readonly version: string | null }
  >;
  readonly bundles: ReadonlyMap<string, readonly string[]>;
}

const quoted = String.raw`["']([^"'\n]*)["']`;
/** Closures of a statement that say nothing about what it is. */
const closure = /(?<!\$)\{[^]*$/;

/** Groovy and Kotlin scripts alike. Never throws; the text is a stranger's. */
export function readScript(
  text: string,
  { properties, catalogue }: { readonly properties: ReadonlyMap<string, string>; readonly catalogue: Catalogue },
): Script {
  const script = squeezed(withoutComments(text));
  const values = new Map([...properties, ...assignments(script)]);
  const found = blocks(script, 'dependencies')
    .flatMap(statements)
    .map((line) => declared(line, { values, catalogue }));
  return {
    plugins: blocks(script, 'plugins').flatMap(statements).flatMap(plugin),
    dependencies: found.flatMap((each) => (typeof each === 'string' ? [] : each)),
    unread: found.filter((each) => typeof each === 'string'),
    javaVersion:
      /(?:sourceCompatibility|targetCompatibility|languageVersion|\brelease)\s*(?:=|\.set\s*\(|\s)\s*(?:JavaVersion\.VERSION_|JavaLanguageVersion\.of\s*\(\s*)?["']?(?:1[._])?(\d+)/.exec(
        script,
      )?.[1] ?? null,
    mainClass: new RegExp(String.raw`\bmainClass(?:Name)?\s*(?:=|\.set\s*\(|\s)\s*${quoted}`).exec(script)?.[1] ?? null,
  };
}

/** `//` within a text is an address, not a comment. */
function withoutComments(text: string): string {
  return text.replaceAll(/"[^"\n]*"|'[^'\n]*'|\/\/[^\n]*|\/\*(?:[^*]|\*(?!\/))*\*\//g, (part) =>
    part.startsWith('/') ? ' ' : part,
  );
}

/** No runs of spaces: the patterns below try them over and over. */
function squeezed(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trim().replaceAll(/\s+/g, ' '))
    .filter((line) => line !== '')
    .join('\n');
}

function assignments(script: string): [string, string][] {
  const one = new RegExp(String.raw`(?:^|[\s.;{])(?:extra\[["'])?([A-Za-z_]\w*)(?:["']\])?\s*=\s*${quoted}`, 'g');
  return [...script.matchAll(one)].map(([, name = '', value = '']) => [name, value]);
}

/** What stands between the braces behind a name, wherever the script has it at its outermost level. */
function blocks(script: string, name: string): string[] {
  const found: string[] = [];
  let depth = 0;
  for (let at = 0; at < script.length; at += 1) {
    const character = script[at];
    if (character === '}') depth -= 1;
    if (character !== '{') continue;
    if (depth === 0 && new RegExp(String.raw`(?:^|[^\w.])${name}\s*$`).test(script.slice(Math.max(0, at - 30), at))) {
      const end = closing(script, at);
      found.push(script.slice(at + 1, end));
      at = end;
    } else depth += 1;
  }
  return found;
}

function closing(script: string, open: number): number {
  let depth = 0;
  for (let at = open; at < script.length; at += 1) {
    if (script[at] === '{') depth += 1;
    if (script[at] === '}' && --depth === 0) return at;
  }
  return script.length;
}

/** A line each, or more lines where brackets hold them together. */
function statements(block: string): string[] {
  const lines: string[] = [];
  let depth = 0;
  let line = '';
  for (const character of block) {
    if ('({'.includes(character)) depth += 1;
    if (')}'.includes(character)) depth -= 1;
    if (depth === 0 && (character === '\n' || character === ';')) {
      lines.push(line);
      line = '';
    } else line += character;
  }
  return [...lines, line].map((each) => each.trim()).filter((each) => each !== '');
}

function plugin(line: string): Script['plugins'] {
  const id = new RegExp(String.raw`^id\s*\(?\s*${quoted}`).exec(line)?.[1] ?? /^[`]?([a-z][\w-]*)[`]?$/.exec(line)?.[1];
  const version = new RegExp(String.raw`\bversion\s*\(?\s*${quoted}`).exec(line)?.[1] ?? null;
  return id === undefined ? [] : [{ id, version }];
}

interface Known {
  readonly values: ReadonlyMap<string, string>;
  readonly catalogue: Catalogue;
}

/** What the line declares, or the line itself where it cannot be told. */
function declared(line: string, known: Known): Declared[] | string {
  const [, configuration = '', rest = ''] = /^([A-Za-z]\w*)\s*\(?\s*([^]*)$/.exec(line) ?? [];
  if (configuration === 'constraints' || configuration === 'modules') return line;
  const outer = rest.replace(closure, '').trim();
  const inner = /^(?:enforcedPlatform|platform)\s*\(\s*([^]*)$/.exec(outer)?.[1];
  const what = (inner ?? outer).replace(/[),\s]+$/, '');
  const found = coordinates(what, known);
  if (found === null) return line;
  return found.map((each) => ({ configuration, platform: inner !== undefined, ...each }));
}

type Coordinates = Pick<Declared, 'group' | 'name' | 'version'>;

function coordinates(what: string, { values, catalogue }: Known): Coordinates[] | null {
  const [, alias] = /^libs\.([\w.]+?)(?:\.get\(?)?$/.exec(what) ?? [];
  if (alias !== undefined) {
    const names = alias.startsWith('bundles.') ? catalogue.bundles.get(alias.slice('bundles.'.length)) : [alias];
    const libraries = names?.map((name) => catalogue.libraries.get(name));
    return libraries?.every((each) => each !== undefined) ? libraries : null;
  }
  const parts = /\bgroup\s*[:=]/.test(what)
    ? named(what)
    : (new RegExp(`^${quoted}$`).exec(what)?.[1] ?? '').split(':');
  const [group, name, version] = (parts ?? []).map((part) => filled(part, values));
  if (!group || !name || version === null || !isPlain(group) || !isPlain(name)) return null;
  return version === undefined || version === ''
    ? [{ group, name, version: null }]
    : isPlain(version)
      ? [{ group, name, version }]
      : null;
}

function named(what: string): string[] | null {
  const of = (word: string): string | null =>
    new RegExp(String.raw`\b${word}\s*[:=]\s*${quoted}`).exec(what)?.[1] ?? null;
  const [group, name, version] = [of('group'), of('name'), of('version')];
  if (group === null || name === null) return null;
  // A version that is no text is one that only the script knows.
  if (version === null) return /\bversion\s*[:=]/.test(what) ? null : [group, name];
  return [group, name, version];
}

/** Null when it speaks of something that only running the script would tell. */
function filled(part: string | undefined, values: ReadonlyMap<string, string>): string | null {
  const text = (part ?? '').replaceAll(
    /\$\{?([A-Za-z_][\w.]*)\}?/g,
    (whole, name: string) => values.get(name) ?? whole,
  );
  return text.includes('$') ? null : text;
}

/** What Maven may be given: no ranges, no wildcards, nothing that XML would take for its own. */
function isPlain(part: string): boolean {
  return /^[\w.-]+$/.test(part);
}
