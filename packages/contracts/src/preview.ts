import { z } from 'zod';

const port = z.int().min(1).max(65_535);
/** Newest words of the server, oldest first. */
const lines = z.array(z.string().max(2000)).max(40);
/** What runs, for people: its project's kind and its command. */
const what = { title: z.string(), command: z.string(), lines };

/** The project's own server, as far as the factory started it. */
export const PreviewServer = z.discriminatedUnion('is', [
  z.strictObject({ is: z.literal('stopped') }),
  z.strictObject({ is: z.literal('preparing'), ...what }),
  z.strictObject({ is: z.literal('starting'), ...what }),
  z.strictObject({ is: z.literal('running'), ...what, port }),
  /** Ended without being told to, or never began: `sentence` says how. */
  z.strictObject({ is: z.literal('crashed'), ...what, sentence: z.string() }),
]);
export type PreviewServer = z.infer<typeof PreviewServer>;

/** What a run's workspace serves right now. No event: it is gone with the sandbox. */
export const PreviewState = z.strictObject({
  /** Whether the workspace's sandbox stands. */
  sandbox: z.enum(['open', 'closed']),
  /** Ports that something in it listens on. */
  ports: z.array(port),
  server: PreviewServer,
});
export type PreviewState = z.infer<typeof PreviewState>;

/** Lets a browser in to one port of one run: `ticket` goes by POST to `action`, as the field of that name, once and within a minute. */
export const ForeignTicket = z.strictObject({ origin: z.string(), action: z.string(), ticket: z.string() });
export type ForeignTicket = z.infer<typeof ForeignTicket>;

/** A path of a foreign origin itself: never another origin, whatever a browser makes of slashes. */
export const ForeignPath = z
  .string()
  .max(4000)
  .regex(/^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/, 'a path of the preview, like /orders?id=1');
