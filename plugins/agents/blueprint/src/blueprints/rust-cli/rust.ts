import type { Model } from '../../model/model.ts';

/** Package and program. Cargo wants a letter first, and no name that its own folders and Rust's crates have. */
export function packageOf({ slug }: Model): string {
  const taken = /^(?:test|core|std|alloc|proc-macro|deps|examples|build|incremental|con|aux|nul|prn|com\d|lpt\d)$/;
  const name = slug.replace(/^(?=\d)/, 'n');
  return taken.test(name) ? `${name}-tool` : name;
}

/** A text as Rust spells it. */
export function rustText(text: string): string {
  const escaped = JSON.stringify(text).replaceAll(/\\u([\da-f]{4})/g, String.raw`\u{$1}`);
  return escaped.replaceAll(String.raw`\b`, String.raw`\u{8}`).replaceAll(String.raw`\f`, String.raw`\u{c}`);
}

interface Layout {
  /** What stands on the first line before the array, indentation included. */
  readonly before: string;
  readonly after: string;
}

/** An array as rustfmt leaves it: on one line up to 60 letters, else item by item, short items filling their lines. */
export function array(items: readonly string[], { before, after }: Layout): string {
  const line = `[${items.join(', ')}]`;
  if (line.length <= 60 && `${before}${line}${after}`.length <= 100) return `${before}${line}${after}`;
  const indent = `${/^ */.exec(before)?.[0] ?? ''}    `;
  const rows = items.every((item) => item.length <= 10) ? filled(items, 100 - indent.length) : items;
  return `${before}[\n${rows.map((row) => `${indent}${row},\n`).join('')}${indent.slice(4)}]${after}`;
}

function filled(items: readonly string[], width: number): string[] {
  const rows: string[] = [];
  for (const item of items) {
    const last = rows.at(-1);
    if (last !== undefined && `${last}, ${item},`.length <= width) rows[rows.length - 1] = `${last}, ${item}`;
    else rows.push(item);
  }
  return rows;
}
