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
