import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { expect, it } from 'vitest';
import { root } from './machine.mjs';

it('every relative link in a page leads to a file, and to a heading where it names one', () => {
  expect(pages(root).length).toBeGreaterThan(20);
  expect(pages(root).flatMap((page) => deadLinks(root, page))).toEqual([]);
});

it('docs/decisions/README.md lists every decision once, and none that is not there', () => {
  const folder = join(root, 'docs/decisions');
  const there = readdirSync(folder).filter((name) => /^\d{4}-.*\.md$/.test(name));
  const listed = linksOf(readFileSync(join(folder, 'README.md'), 'utf8')).filter((link) => /^\d{4}-/.test(link));
  expect(listed.toSorted()).toEqual(there.toSorted());
});

it('a dead link is seen in each of its forms, and none where there is no link', () => {
  const folder = mkdtempSync(join(tmpdir(), 'devfactory-papers-'));
  try {
    mkdirSync(join(folder, 'docs'));
    writeFileSync(join(folder, 'docs/there.md'), '# Once more: `this`, and that!\n\n## Twice\n\n## Twice\n');
    const good = [
      '[a](docs/there.md) [b](docs/) [c](https://example.com/x) [d](mailto:a@example.com) [e](#here) ## Here',
      '## Here',
      '[f](docs/there.md#once-more-this-and-that) [g](docs/there.md#twice-1) [h](docs/there.md "with a title")',
      '`[code](gone-1.md)`',
      '```\n[fenced](gone-2.md)\n```',
    ];
    const dead = [
      '[a](docs/gone-3.md) ![b](gone-4.png)',
      '<img src="gone-5.svg">',
      '[ref]: gone-6.md',
      '[c](docs/there.md#gone-7)',
      '[d](#gone-8)',
      '[`e`](gone-9.md)',
      '[![f](gone-10.svg)](gone-11.md)',
    ];
    writeFileSync(join(folder, 'page.md'), [...good, ...dead].join('\n\n'));
    const found = deadLinks(folder, 'page.md').map((link) => Number(/gone-(\d+)/.exec(link)?.[1]));
    expect(found.toSorted((a, b) => a - b)).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** Ours alone: not what is installed, built, or laid into the projects that agents make. */
function pages(top: string): string[] {
  const skipped = /(^|\/)(node_modules|dist|dist-types|templates|fixtures|test-results|\.(?!github\/)[^/]*)(\/|$)/;
  return readdirSync(top, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.md'))
    .map((entry) => relative(top, join(entry.parentPath, entry.name)))
    .filter((path) => !skipped.test(path));
}

function deadLinks(top: string, page: string): string[] {
  return linksOf(readFileSync(join(top, page), 'utf8'))
    .filter((link) => !/^[a-z][a-z\d+.-]*:/i.test(link) && !leadsSomewhere(join(top, page), link))
    .map((link) => `${page}: ${link}`);
}

function linksOf(text: string): string[] {
  const prose = withoutFences(text).replaceAll(/`[^`\n]*`/g, '');
  const forms = [/\]\(<?([^()\s>]+)>?(?:\s+"[^"]*")?\)/g, /\b(?:src|href)="([^"]+)"/g, /^\[[^\]]+\]:\s+(\S+)/gm];
  return forms.flatMap((form) => [...prose.matchAll(form)].map(([, link = '']) => link));
}

function leadsSomewhere(page: string, link: string): boolean {
  const [path = '', heading] = link.split('#');
  const target = path === '' ? page : join(dirname(page), decodeURIComponent(path));
  if (!existsSync(target)) return false;
  if (heading === undefined || !target.endsWith('.md') || !statSync(target).isFile()) return true;
  return anchorsOf(readFileSync(target, 'utf8')).has(heading);
}

/** As GitHub makes them: a heading's words in small letters, joined by hyphens, numbered when they come again. */
function anchorsOf(text: string): Set<string> {
  const anchors = new Set<string>();
  for (const [, words = ''] of withoutFences(text).matchAll(/^#{1,6}\s+(.+)$/gm)) {
    const plain = words
      .trim()
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(/\s/g, '-');
    let [anchor, again] = [plain, 0];
    while (anchors.has(anchor)) anchor = `${plain}-${++again}`;
    anchors.add(anchor);
  }
  return anchors;
}

function withoutFences(text: string): string {
  return text.replaceAll(/^(\s*)(```|~~~)[^]*?^\s*\2/gm, '');
}
