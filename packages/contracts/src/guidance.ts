import { z } from 'zod';
import { Digest } from './ids.ts';
import { utf8Length } from './limits.ts';
import { readSkillHead } from './skill-text.ts';
import { readToolServers } from './tool-servers.ts';

/** What steers an agent beside the task: words (AGENTS.md), a skill (a folder with a SKILL.md), servers of tools (MCP). */
export const GuidanceKind = z.enum(['instructions', 'skill', 'servers']);
export type GuidanceKind = z.infer<typeof GuidanceKind>;

/** One piece of guidance, as a run knows it. */
export const GuidanceItem = z.strictObject({
  kind: GuidanceKind,
  /** Where it lies in the repository; for what a person declared: its name there. */
  path: z.string().min(1).max(200),
  name: z.string().max(64),
  /** What it is for, in its own words; empty when it says nothing. */
  about: z.string().max(200),
  bytes: z.int().min(0),
  /** SHA-256 of what trust is bound to: a file's bytes, for a skill the listing of its whole folder. */
  hash: Digest,
  /** Blob with its text; null when it cannot be taken. */
  body: Digest.nullable(),
  /** Blob with a skill's files as JSON: `{ path, hash }` of each in a repository, `{ path, text }` of what a person declared. */
  manifest: Digest.optional(),
  /** Why it cannot be taken; empty when it can. */
  trouble: z.string().max(200),
});
export type GuidanceItem = z.infer<typeof GuidanceItem>;

/** Larger files steer nobody: they would not fit into a request. */
export const mostGuidanceBytes = 64 * 1024;

/** At most so many pieces a run knows of each origin. */
export const mostGuidance = 16;

/** What trust is given to: these bytes at this place. */
export const TrustMark = z.strictObject({ path: z.string().min(1).max(200), hash: Digest });
export type TrustMark = z.infer<typeof TrustMark>;

const guidanceText = z
  .string()
  .min(1)
  .refine((text) => !text.includes('\0'), 'must be text')
  .refine((text) => utf8Length(text) <= mostGuidanceBytes, `must be at most ${mostGuidanceBytes} bytes`);

const settingShape = z.strictObject({
  kind: GuidanceKind,
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'is small letters, digits and hyphens, 40 at most'),
  /** The only project it is for: a git address, or the name of an uploaded folder. null: every run. */
  project: z.string().trim().min(1).max(2000).nullable().default(null),
  /** As in AGENTS.md; a SKILL.md whose head has this name; servers as in .mcp.json. */
  text: guidanceText,
  /** What lies beside a SKILL.md. */
  files: z
    .array(
      z.strictObject({
        path: z
          .string()
          .max(200)
          .regex(/^[\w.-]+(\/[\w.-]+)*$/),
        text: guidanceText,
      }),
    )
    .max(20)
    .default([]),
});

/** Body of POST /api/guidance: what a person declares for runs to follow. */
export const GuidanceSetting = settingShape.superRefine(({ kind, name, text, files }, context) => {
  const refuse = (path: string, message: string): void => context.addIssue({ code: 'custom', path: [path], message });
  const head = kind === 'skill' ? readSkillHead(text) : null;
  if (head && 'trouble' in head) refuse('text', head.trouble);
  else if (head && head.name !== name) refuse('name', `is ${head.name} in its head`);
  const servers = kind === 'servers' ? readToolServers(text) : null;
  if (servers && 'trouble' in servers) refuse('text', servers.trouble);
  if (kind !== 'skill' && files.length > 0) refuse('files', 'go with a skill only');
  if (files.some(({ path }) => path.split('/').some((part) => /^\.\.?$/.test(part)) || path === 'SKILL.md'))
    refuse('files', 'lie beside SKILL.md, in its folder');
  if (new Set(files.map(({ path }) => path)).size < files.length) refuse('files', 'have different paths');
});
export type GuidanceSetting = z.infer<typeof GuidanceSetting>;

/** GET /api/guidance: what runs follow by people's settings, and what people trust of projects' files. */
export const GuidanceList = z.strictObject({
  items: z.array(
    z.strictObject({
      ...settingShape.shape,
      from: z.enum(['person', 'file']).describe('who declared it; `file`: the folder guidance in the data directory'),
      trouble: z.string().describe('why no run follows it; empty when runs do'),
    }),
  ),
  trusted: z.array(
    z.strictObject({ project: z.string(), ...TrustMark.shape, by: z.string(), at: z.string().describe('ISO 8601') }),
  ),
});
export type GuidanceList = z.infer<typeof GuidanceList>;

/** What names a setting. */
export const GuidanceName = settingShape.pick({ kind: true, name: true });
/** What a setting holds beside its names. */
export const GuidanceValue = settingShape.pick({ text: true, files: true });
