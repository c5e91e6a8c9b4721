import { z } from 'zod';

/** A skill's files as its listing has them: by hash where they lie in the project, whole where a person declared them. */
export const SkillFiles = z.array(
  z.union([
    z.strictObject({ path: z.string(), hash: z.string() }),
    z.strictObject({ path: z.string(), text: z.string() }),
  ]),
);
export type SkillFiles = z.infer<typeof SkillFiles>;

/** The listing's bytes: its SHA-256 is what trust in a skill is bound to. */
export function listingOf(files: SkillFiles): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(files.toSorted((a, b) => (a.path < b.path ? -1 : 1))));
}
