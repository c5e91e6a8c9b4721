import { utf8Length } from '@devfactory/contracts';
import type { Guidance } from '@devfactory/kit';

/** Bytes of all instructions together: they are in every request. */
const mostBytes = 16 * 1024;

const troubleMark = 'trouble ';

type Skill = Guidance['skills'][number];
type Instruction = Guidance['instructions'][number];

/** What each piece is known by: other bytes are another piece. */
export function guidanceKeys(guidance: Guidance | undefined): string[] {
  return [
    ...(guidance?.instructions ?? []).map(keyOf),
    ...(guidance?.skills ?? []).map(skillKey),
    ...(guidance?.troubles ?? []).map(troubleKey),
  ];
}

/** Whether the tool that reads skills is offered: it stays for as long as the model was told of one. */
export function offersSkills(guidance: Guidance | undefined, told: readonly string[]): boolean {
  return (guidance?.skills.length ?? 0) > 0 || told.some((key) => key.startsWith(skillMark, 16));
}

/** Sections of a conversation's first message. */
export function guidanceSections(guidance: Guidance | undefined): string[] {
  const shown = withinBytes(guidance?.instructions ?? [], mostBytes);
  const skills = guidance?.skills ?? [];
  return [
    ...(guidance?.troubles ?? []).map(troubleLine),
    ...shown.map((item) => `# ${headingOf(item)}\n${item.text}`),
    ...(skills.length === 0
      ? []
      : [`# Skills\nBefore you do what one is for, read it with the tool skill.\n${skills.map(skillLine).join('\n')}`]),
  ];
}

/** What came into force, and what ended, since the model was last told. */
export function guidanceNotes(guidance: Guidance | undefined, told: readonly string[]): string[] {
  const now = guidance?.instructions ?? [];
  const keys = new Set(guidanceKeys(guidance));
  const skills = (guidance?.skills ?? []).filter((item) => !told.includes(skillKey(item)));
  const fresh = withinBytes(
    now.filter((item) => !told.includes(keyOf(item))),
    mostBytes,
  );
  const failing = (guidance?.troubles ?? []).filter((item) => !told.includes(troubleKey(item)));
  const gone = told
    .filter((key) => !keys.has(key) && !key.startsWith(troubleMark))
    .map((key) => key.slice(key.indexOf(' ') + 1));
  return [
    ...fresh.map((item) => `From now on follow this. ${headingOf(item)}:\n${item.text}`),
    ...(skills.length === 0 ? [] : [`New skills, read with the tool skill:\n${skills.map(skillLine).join('\n')}`]),
    ...failing.map(troubleLine),
    ...(gone.length === 0 ? [] : [`No longer in force, material only: ${gone.join(', ')}.`]),
  ];
}

/** Behind the hash's 16 characters: no path begins like this. */
const skillMark = '# skill ';

function skillKey({ name, hash }: Skill): string {
  return `${hash.slice(0, 16)}${skillMark}${name}`;
}

function skillLine({ name, about }: Skill): string {
  return `- ${name}: ${about}`;
}

function keyOf({ path, hash }: Instruction): string {
  return `${hash.slice(0, 16)} ${path}`;
}

function troubleKey({ server }: Guidance['troubles'][number]): string {
  return `${troubleMark}${server}`;
}

function troubleLine({ server, trouble }: Guidance['troubles'][number]): string {
  return `Tools of server ${server} are not there, for it could not be asked: ${trouble}`;
}

function headingOf({ from, path }: Instruction): string {
  if (from === 'person') return `Instructions the person declared (${path})`;
  const folder = path.slice(0, -'AGENTS.md'.length);
  return `${path} of the project, trusted by the person${folder === '' ? '' : `, for ${folder}`}`;
}

/** In order, as far as the room goes; what does not fit is cut, and says so. */
function withinBytes(items: readonly Instruction[], most: number): Instruction[] {
  let room = most;
  return items.map((item) => {
    const text = item.text.trim();
    const size = utf8Length(text);
    if (size <= room) {
      room -= size;
      return { ...item, text };
    }
    const head = cutBytes(text, room);
    room = 0;
    const where = item.from === 'project' ? ` Read the rest in ${item.path}.` : '';
    return { ...item, text: `${head}\n[Cut: all instructions together have ${most} bytes here.${where}]` };
  });
}

function cutBytes(text: string, most: number): string {
  const bytes = new TextEncoder().encode(text).subarray(0, most);
  // A character that the cut split is left out.
  return new TextDecoder().decode(bytes).replace(/\uFFFD$/u, '');
}
