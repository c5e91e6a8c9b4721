import { applyConstraint } from './constraint.ts';
import { draftOf } from './field-draft.ts';

/**
 * Rewrites what is laid out rather than worded (SQL, type declarations, JSON, Markdown tables, nested bullets) into
 * one plain form, a line per thing: 'Book: title (string, required), pages (integer)'. What has no such shape stays.
 */
export function flatten(text: string): string {
  return bullets(tables(declarations(json(sql(text)))));
}

const line = (name: string, fields: readonly string[]): string =>
  fields.length === 0 ? `\n${name}\n` : `\n${name}: ${fields.join(', ')}\n`;

const item = (name: string, rules: readonly string[]): string => {
  const known = rules.map((rule) => rule.trim()).filter((rule) => rule !== '');
  return known.length === 0 ? name : `${name} (${known.join(', ')})`;
};

/** Splits outside of brackets. */
function split(text: string, separator: RegExp): string[] {
  const parts: string[] = [''];
  let depth = 0;
  for (const sign of text) {
    if ('([{'.includes(sign)) depth += 1;
    if (')]}'.includes(sign)) depth -= 1;
    if (depth === 0 && separator.test(sign)) parts.push('');
    else parts[parts.length - 1] += sign;
  }
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

function sql(text: string): string {
  const create =
    /create\s+table\s+(?:if\s+not\s+exists\s+)?["'`[]?(\w+)["'`\]]?\s*\(((?:[^()]|\([^()]*\))*)\)[^;\n]*;?/gi;
  return text.replaceAll(create, (_, name: string, body: string) => {
    const columns = split(body, /,/);
    const fields = columns.flatMap(sqlColumn);
    const links = columns.flatMap((column) => {
      const [, table] = /\breferences\s+["'`]?(\w+)/i.exec(column) ?? [];
      return table ? [`Each of ${name} references ${table}.`] : [];
    });
    return [line(name, fields), ...links].join('\n');
  });
}

function sqlColumn(column: string): string[] {
  const [, name, type = '', rest = ''] =
    /^["'`[]?(\w+)["'`\]]?\s+(\w+(?:\s*\([^()]*\))?(?:\[\])?)\s*(.*)$/s.exec(column) ?? [];
  if (!name || /^(?:primary|foreign|constraint|unique|check|index|key)$/i.test(name) || /\bprimary\s+key\b/i.test(rest))
    return [];
  if (/\breferences\b/i.test(rest)) return [];
  const length = /^\w*char\w*\s*\((\d+)\)/i.exec(type)?.[1];
  const values = /^enum\s*\(([^()]*)\)/i.exec(type)?.[1] ?? /\bin\s*\(([^()]*)\)/i.exec(rest)?.[1];
  const check = /\bcheck\s*\(\s*\w+\s*([<>]=?)\s*(-?[\d.]+)\s*\)/i.exec(rest);
  return [
    item(name, [
      values ? `one of ${values}` : sqlType(type),
      length ? `at most ${length} characters` : '',
      /\bnot\s+null\b/i.test(rest) ? 'required' : 'optional',
      /\bunique\b/i.test(rest) ? 'unique' : '',
      check ? `${check[1]} ${check[2]}` : '',
    ]),
  ];
}

function sqlType(type: string): string {
  const plain = type.replace(/\s*\(.*$/, '').toLowerCase();
  if (/char|text|uuid/.test(plain)) return 'string';
  if (/^(?:timestamptz|datetime)$/.test(plain)) return 'timestamp';
  if (/serial|int/.test(plain)) return 'integer';
  return plain;
}

/** '{"book": {"title": "string"}}' and, where a thing was named before it, '{"title": "string"}'. */
function json(text: string): string {
  if (!/\{\s*"/.test(text)) return text;
  const nested = text.replaceAll(/"(\w+)"\s*:\s*\[?\s*\{([^{}]*)\}\s*\]?\s*,?/g, (_, name: string, body: string) =>
    line(name, split(body, /,/).map(jsonMember)),
  );
  if (nested === text)
    return text.replaceAll(
      /(^|[:\n])\s*\{\s*("\w+"\s*:[^{}]*)\}/g,
      (_, before: string, body: string) => `${before}${line('Fields', split(body, /,/).map(jsonMember))}`,
    );
  return nested.replaceAll(/[:=]?\s*\{\s*\n|\n\s*\}/g, '\n');
}

function jsonMember(member: string): string {
  const [, name = member, value = ''] = /^"?(\w+)"?\s*:\s*(.+)$/s.exec(member) ?? [];
  return item(name, [declaredType(value.replaceAll('"', ''))]);
}

const keyword = String.raw`(?:export\s+)?(?:interface|type|class|struct|model|table|entity|record|message|data class)`;

/** TypeScript, Prisma, GraphQL, Python and Go as people paste them, and 'Product{sku:string!}'. */
function declarations(text: string): string {
  const braced = new RegExp(String.raw`(?:\b${keyword}\s+(\w+)[^{\n]*|\b([A-Z]\w*)\s*)\{([^{}]*:[^{}]*)\}`, 'g');
  const indented = new RegExp(
    String.raw`\b(?:class)\s+(\w+)(?:\([^)\n]*\))?:[ \t]*\n((?:[ \t]+\w+\s*:\s*[^\n]+\n?)+)`,
    'g',
  );
  return text
    .replaceAll(braced, (...found: string[]) => {
      const [, named, bare, body = ''] = found;
      return line(named ?? bare ?? '', split(body, /[;,\n]/).map(declared));
    })
    .replaceAll(indented, (_, name: string, body: string) => line(name, split(body, /\n/).map(declared)));
}

function declared(member: string): string {
  const [, name, mark, type = ''] =
    /^(?:readonly\s+|public\s+|private\s+)?["']?(\w+)["']?\s*(\?)?\s*:\s*(.+)$/s.exec(member) ?? [];
  return name ? item(name, [declaredType(type), mark ? 'optional' : '']) : member;
}

function declaredType(type: string): string {
  const needed = type.trim().endsWith('!') ? ', required' : '';
  const maybe = /^Optional\[(.+)\]$/.exec(type.trim()) ?? /^(.+?)\s*\|\s*(?:null|undefined|None)$/.exec(type.trim());
  const sample = type.trim();
  if (/^-?\d+$/.test(sample)) return 'integer';
  if (/^-?\d*\.\d+$/.test(sample)) return 'number';
  if (/^(?:true|false)$/.test(sample)) return 'boolean';
  const plain = (maybe?.[1] ?? type).replace(/[!?,;]+$/, '').trim();
  const list = /^(?:string|str|text)\[\]$|^(?:list|array)[<[](?:str|string)[>\]]$/i.test(plain);
  return `${list ? 'list' : plain}${needed}${maybe ? ', optional' : ''}`;
}

const row = /^[ \t]*\|(.+)\|[ \t]*$/;

function tables(text: string): string {
  const lines = text.split('\n');
  const out: string[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const rows: string[][] = [];
    while (row.test(lines[at] ?? '')) {
      rows.push((row.exec(lines[at] ?? '')?.[1] ?? '').split('|').map((cell) => cell.replaceAll('`', '').trim()));
      at += 1;
    }
    if (rows.length >= 2) out.push(...table(rows, out));
    else out.push(...rows.map((cells) => cells.join(' | ')));
    if (at < lines.length) out.push(lines[at] ?? '');
  }
  return out.join('\n');
}

function table(rows: readonly (readonly string[])[], before: string[]): string[] {
  const [head = [], ...rest] = rows;
  const body = rest.filter((cells) => !cells.every((cell) => /^:?-*:?$/.test(cell)));
  const isThings = /\b(?:entit\w*|tables?|resources?|models?|things?|objects?)\b/i.test(head[0] ?? '');
  if (isThings && head.length === 2) return body.map(([name = '', fields = '']) => line(name, [fields]));
  if (isThings) return rowsByThing(body);
  const fields = body.map(([name = '', ...rules]) =>
    item(
      name,
      rules.map((rule, index) => cellRule(rule, head[index + 1] ?? '')),
    ),
  );
  const title = before.findLastIndex((text) => text.trim() !== '');
  const name = before[title]?.replace(/[:#\s]+$/, '').replace(/^[#\s]+/, '') ?? 'Fields';
  before.splice(Math.max(0, title));
  return [`${name}: ${fields.join(', ')}`];
}

function cellRule(rule: string, head: string): string {
  if (/^(?:required|mandatory|unique|optional)\??$/i.test(head))
    return /^(?:y|yes|true|x|✓|✔|✅)$/i.test(rule) ? head.replace('?', '') : '';
  const values = rule.split(/\s*[,/]\s*/);
  return values.length > 1 && values.every((value) => /^[\p{L}_-]+$/u.test(value) && isValue(value))
    ? `one of ${values.join(' | ')}`
    : rule.replace(/^(?:choice|enum|-+)$/i, '');
}

function isValue(word: string): boolean {
  return applyConstraint(draftOf(''), word) !== '';
}

function rowsByThing(body: readonly (readonly string[])[]): string[] {
  const things = new Map<string, string[]>();
  for (const [name = '', field = '', ...rules] of body)
    things.set(name, [...(things.get(name) ?? []), item(field, rules)]);
  return [...things].map(([name, fields]) => line(name, fields));
}

const bullet = /^([ \t]*)(?:[-*+•–]|\d{1,2}[.)])[ \t]+(.*)$/;

/** 'Books:' or '# Book' above bullets, and a bullet above deeper ones, become a line; other bullets stay sentences. */
function bullets(text: string): string {
  const lines = text.split('\n');
  const out: string[] = [];
  for (let at = 0; at < lines.length;) {
    const first = bullet.exec(lines[at] ?? '');
    if (!first) {
      out.push(lines[at] ?? '');
      at += 1;
      continue;
    }
    const block: { depth: number; text: string }[] = [];
    for (let found: RegExpExecArray | null = first; found; found = bullet.exec(lines[at] ?? '')) {
      block.push({ depth: (found[1] ?? '').replaceAll('\t', '    ').length, text: (found[2] ?? '').trim() });
      at += 1;
    }
    out.push(...blockLines(block, out));
  }
  return out.join('\n');
}

type Bullet = { readonly depth: number; readonly text: string };

function blockLines(block: readonly Bullet[], before: string[]): string[] {
  const [first] = block;
  if (!first) return [];
  if (block.some(({ depth }) => depth > first.depth)) return nestedLines(block, first.depth);
  const texts = block.map(({ text }) => text);
  const above = before.findLastIndex((text) => text.trim() !== '');
  const header = before[above] ?? '';
  const isHeader = /^\s*#+\s|:\s*$/.test(header) || /^\s*\**[\p{L} ]{2,30}\**\s*$/u.test(header);
  if (!isHeader || isGeneral(header) || !texts.every(isFieldItem)) return texts.map((text) => `• ${text}`);
  before.splice(above);
  return [`${header.replace(/^\s*#+\s*/, '').replace(/[*:\s]+$/, '')}: ${texts.map(asItem).join(', ')}`];
}

/** Each bullet with those below it. */
function nestedLines(block: readonly Bullet[], depth: number): string[] {
  const groups: { name: string; inner: Bullet[] }[] = [];
  for (const entry of block)
    if (entry.depth <= depth) groups.push({ name: entry.text, inner: [] });
    else groups.at(-1)?.inner.push(entry);
  return groups.flatMap(({ name, inner }) => {
    const [child] = inner;
    if (!child) return [`• ${name}`];
    if (inner.some((entry) => entry.depth > child.depth)) return [name, ...nestedLines(inner, child.depth)];
    const texts = inner.map(({ text }) => text);
    return texts.every(isFieldItem)
      ? [`${name.replace(/[*:\s]+$/, '')}: ${texts.map(asItem).join(', ')}`]
      : [`• ${name}`, ...texts.map((text) => `• ${text}`)];
  });
}

function isGeneral(header: string): boolean {
  return (
    /\b(?:requirements?|features?|endpoints?|routes?|entities|models?|resources?|should|must|shall|can|goals?|notes?|constraints?|rules?|criteria|stack|tech\w*|stor(?:y|ies)|tasks?)\W*$/i.test(
      header,
    ) && !/\bfields?\b/i.test(header)
  );
}

const sentenceLike =
  /\b(?:is|are|must|shall|should|can|cannot|may|will|has|have|with|i|we|returns?|answers?|gets?|posts?|belongs?|users?|api|endpoints?|crud|only|when|if|via|using|sort(?:ing|ed)?|filter(?:ing|ed)?|search(?:ing)?|pagination|auth\w*|jwt|tests?)\b/i;

/** True for 'title: string (required)' and 'due date', not for a sentence and not for a thing with its own list. */
function isFieldItem(text: string): boolean {
  const [name = '', spec = ''] = text.split(/\s*:\s+|\s+[-–—]\s+/, 2);
  const bare = name.replaceAll(/\([^()]*\)|[*`_"]/g, ' ').trim();
  if (bare === '' || bare.split(/\s+/).length > 4 || sentenceLike.test(bare) || /^\/|^[A-Z]{3,6} \//.test(bare))
    return false;
  if (spec === '') return true;
  const [lead = ''] = spec.split(/[,(;]/);
  return applyConstraint(draftOf(''), lead.trim()) === '' || !spec.includes(',') || /\|/.test(spec);
}

function asItem(text: string): string {
  const [, name = text, spec = ''] = /^([^:(]+?)(?::\s+|\s+[-–—]\s+)(.+)$/.exec(text.replace(/[.;,]+$/, '')) ?? [];
  return spec === '' ? name : item(name.trim(), [spec.replaceAll(/\s*\(/g, ', ').replaceAll(')', '')]);
}
