/** What the head of a SKILL.md says, or why it is none. */
export type SkillHead = { readonly name: string; readonly about: string } | { readonly trouble: string };

const slug = /^[a-z0-9][a-z0-9-]{0,63}$/;
const mostAbout = 200;

/** Reads `name` and `description` between the two lines of `---` that a SKILL.md begins with. Of YAML it knows plain, quoted and folded texts. */
export function readSkillHead(text: string): SkillHead {
  const head = /^\uFEFF?---[ \t]*\r?\n([\s\S]*?)\r?\n---[ \t]*(?:\r?\n|$)/.exec(text)?.[1];
  if (head === undefined) return { trouble: 'It does not begin with name and description between two lines of ---.' };
  const lines = head.split(/\r?\n/);
  const name = valueOf(lines, 'name');
  const about = valueOf(lines, 'description')
    .replaceAll(/[\p{C}\s]+/gu, ' ')
    .trim();
  if (!slug.test(name)) return { trouble: 'Its name is not of small letters, digits and hyphens, 64 at most.' };
  if (about === '') return { trouble: 'It has no description.' };
  return { name, about: about.length <= mostAbout ? about : `${about.slice(0, mostAbout - 1).toWellFormed()}…` };
}

function valueOf(lines: readonly string[], key: string): string {
  const at = lines.findIndex((line) => line.startsWith(`${key}:`));
  const first = (lines[at] ?? '').slice(key.length + 1).trim();
  const more = lines.slice(at + 1);
  const end = more.findIndex((line) => /^\S/.test(line));
  const rest = (end === -1 ? more : more.slice(0, end)).map((line) => line.trim());
  const value = /^[|>][+-]?$/.test(first) ? rest.join(' ') : [first, ...rest].join(' ').trim();
  const quoted = /^(["'])([\s\S]*)\1$/.exec(value);
  return (quoted?.[2] ?? value).trim();
}
