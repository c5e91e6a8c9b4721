import { z } from 'zod';

/** Whether VS Code is on this machine. `share`: how much of it, 0 to 1. */
export const IdeBundleState = z
  .discriminatedUnion('is', [
    z.strictObject({ is: z.literal('off') }),
    z.strictObject({ is: z.literal('absent') }),
    z.strictObject({ is: z.literal('fetching'), sentence: z.string(), share: z.number().min(0).max(1) }),
    z.strictObject({ is: z.literal('failed'), sentence: z.string() }),
    z.strictObject({ is: z.literal('ready') }),
  ])
  .meta({ id: 'IdeBundleState' });
export type IdeBundleState = z.infer<typeof IdeBundleState>;

/** What VS Code shall show first: a file of the workspace, at a line. */
export const IdeWish = z.strictObject({
  file: z.string().min(1).max(1000).optional(),
  line: z.int().min(1).max(10_000_000).optional(),
});
export type IdeWish = z.infer<typeof IdeWish>;

/**
 * What VS Code in a run's sandbox is told of the run, in a file there: words to be shown, of what the run's agent may see too, and the page
 * of the console where a person acts. Nothing in it is a secret or a right.
 */
export const ToldInIde = z.strictObject({
  version: z.literal(1),
  /** Address of the run in the console. */
  page: z.url({ protocol: /^https?$/ }),
  run: z.strictObject({ name: z.string(), stage: z.string(), tone: z.enum(['none', 'wait', 'bad', 'good']) }),
  requirements: z.array(
    z.strictObject({
      id: z.string(),
      text: z.string(),
      status: z.string(),
      checks: z.array(z.strictObject({ title: z.string(), standing: z.string() })),
    }),
  ),
  /** The newest first. */
  checkpoints: z.array(
    z.strictObject({
      id: z.string(),
      label: z.string(),
      /** "3 changed, 1 added" */
      changed: z.string(),
    }),
  ),
});
export type ToldInIde = z.infer<typeof ToldInIde>;
