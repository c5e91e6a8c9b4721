import { z } from 'zod';

const side = z.int().min(1).max(1000);

/** Columns and rows. */
export const TerminalSize = z.strictObject({ cols: side, rows: side });
export type TerminalSize = z.infer<typeof TerminalSize>;

/** How a terminal ended, in a sentence for people. */
const TerminalEnd = z.strictObject({
  sentence: z.string(),
  exitCode: z.int().nullable(),
  signal: z.string().nullable(),
});
export type TerminalEnd = z.infer<typeof TerminalEnd>;

/** A person's terminal in a run's workspace. */
export const TerminalCard = z
  .strictObject({
    id: z.string(),
    /** Counts within the run, from 1. */
    number: z.int().min(1),
    openedAt: z.string(),
    /** Null while it runs. What it showed last can still be looked at after its end. */
    ended: TerminalEnd.nullable(),
  })
  .meta({ id: 'TerminalCard' });
export type TerminalCard = z.infer<typeof TerminalCard>;

/**
 * What the server says on a terminal's socket beside the bytes of its screen, which come as binary messages. `from` is the place of the
 * next byte in everything the terminal ever showed; up to `replayTo` it is what was shown before, and asks for nothing any more.
 */
export const TerminalWord = z.discriminatedUnion('is', [
  z.strictObject({ is: z.literal('screen'), from: z.int().min(0), replayTo: z.int().min(0) }),
  z.strictObject({ is: z.literal('ended'), ended: TerminalEnd }),
]);
export type TerminalWord = z.infer<typeof TerminalWord>;

/** What a browser says on the socket beside what is typed, which goes as binary messages: a new size, or up to which place it has shown the screen. */
export const TerminalNote = z.union([
  z.strictObject({ size: TerminalSize }),
  z.strictObject({ shown: z.int().min(0) }),
]);
export type TerminalNote = z.infer<typeof TerminalNote>;
