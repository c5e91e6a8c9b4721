/** Upper bounds of everything that comes from outside, in one place, so that walls agree. Bytes, counts, milliseconds. */
export const limits = {
  promptBytes: 100_000,
  requirementBytes: 4_000,
  requirements: 200,
  requirementsFileBytes: 1_000_000,
  checksPerRequirement: 20,
  /** Of one plan: its approval names each of them in one event. */
  checks: 250,
  checkFileBytes: 200_000,
  feedbackBytes: 20_000,
  /** Of a webhook. */
  hookBytes: 5_000_000,
  eventBytes: 32_768,
  excerptBytes: 4_000,
  scriptBytes: 5_000_000,
  sourceFiles: 200_000,
  sourceBytes: 4_000_000_000,
  uploadBytes: 512_000_000,
  fileViewBytes: 1_000_000,
  /** Text that an editor opens. */
  editableBytes: 2_000_000,
  /** A file that a person puts into a workspace. */
  fileBytes: 64_000_000,
} as const;

/** Length of a text in UTF-8 bytes, without needing a platform's encoder. */
export function utf8Length(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return bytes;
}
