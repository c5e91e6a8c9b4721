import type { Guidance } from '@devfactory/kit';

/** Characters of all instructions together. */
const mostCharacters = 16 * 1024;

/** What people want followed: their own words, and what they trust of the project's. */
export function guidanceSections(guidance: Guidance | undefined): string[] {
  let left = mostCharacters;
  return (guidance?.instructions ?? []).flatMap(({ from, path, text }) => {
    const shown = text.slice(0, left);
    left -= shown.length;
    const whose =
      from === 'person' ? `A person says how to work (${path})` : `Follow ${path} of the project; a person trusts it`;
    return shown === '' ? [] : [`# ${whose}\n${shown}${shown.length < text.length ? '\n[cut]' : ''}`];
  });
}

/** What the agent was told to follow: other words are another mark. */
export function guidanceMark(guidance: Guidance | undefined): string {
  return (guidance?.instructions ?? []).map(({ path, hash }) => `${path} ${hash.slice(0, 16)}`).join('\n');
}

export function guidanceAnew(guidance: Guidance | undefined): string {
  const sections = guidanceSections(guidance);
  return sections.length === 0
    ? 'What you were told to follow beside the task no longer counts.'
    : `What you are to follow beside the task changed. From now on it is this and nothing else:\n\n${sections.join('\n\n')}`;
}
