import { z } from 'zod';
import type { Channel } from '../protocol/channel.ts';
import { ProtocolError } from '../protocol/protocol-error.ts';

/** What the sandbox answers is untrusted: every message is parsed, every size bounded, before anything is kept. */
const count = z.int().min(0);

export const Ports = z.strictObject({ ports: z.array(z.int().min(1).max(65_535)).max(65_535) });
export const Usage = z.strictObject({ bytes: count, files: count });
export type Usage = z.infer<typeof Usage>;
export const Connected = z.strictObject({ is: z.literal('connected') });
export const Done = z.strictObject({ is: z.literal('done') });
export const Nothing = z.strictObject({});
export const SandboxRequest = z.strictObject({ op: z.enum(['ready', 'egress', 'models']) });

export const ExecReport = z.discriminatedUnion('is', [
  z.strictObject({ is: z.enum(['head', 'tail']), size: count, dropped: count }),
  z.strictObject({
    is: z.literal('exit'),
    exitCode: z.int().nullable(),
    signal: z.string().max(20).nullable(),
    timedOut: z.boolean(),
    durationMs: count,
    /** Head and tail of stdout, head and tail of stderr. */
    sizes: z.tuple([count, count, count, count]),
    dropped: z.tuple([count, count]),
  }),
]);
export type ExecReport = z.infer<typeof ExecReport>;

export const TerminalEnd = z.strictObject({
  is: z.literal('exit'),
  exitCode: z.int().nullable(),
  signal: z.string().max(20).nullable(),
});

const Entry = z.strictObject({
  path: z.string().min(1).max(100_000),
  raw: z.boolean(),
  type: z.enum(['file', 'symlink', 'directory', 'special']),
  mode: z.int().min(0).max(0o7777),
  size: count,
  mtimeMs: z.number(),
  stamp: z.string().max(100),
  target: z.string().max(5_000).nullable(),
  unreadable: z.string().max(40).nullable(),
});
export type Entry = z.infer<typeof Entry>;

const Entries = z.strictObject({
  is: z.literal('entries'),
  entries: z.array(Entry).max(1_000),
  /** Paths as bytes, one character each. */
  gone: z.array(z.string().min(1).max(100_000)).max(20_000),
  leftOut: z.array(z.string().max(100_000)).max(20_000),
});
export type Entries = z.infer<typeof Entries>;
/** What a walk's answer begins with: the number of the walk that it is told against. */
export const WalkBegun = z.strictObject({ is: z.literal('walk'), since: count.nullable() });
export const WalkReport = z.discriminatedUnion('is', [Entries, z.strictObject({ is: z.literal('done'), walk: count })]);
export const ListReport = z.discriminatedUnion('is', [Entries, Done]);

export const FileReport = z.discriminatedUnion('is', [
  z.strictObject({ is: z.literal('file'), size: count }),
  z.strictObject({ is: z.literal('missing') }),
]);
export const FileDone = z.strictObject({
  is: z.literal('done'),
  real: count,
  stamp: z.string().max(100),
  fresh: z.boolean(),
});

export function parseAnswer<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (!parsed.success)
    throw new ProtocolError(`The sandbox answered with something else: ${parsed.error.issues[0]?.message ?? ''}`);
  return parsed.data;
}

export async function answer<T>(channel: Channel, schema: z.ZodType<T>): Promise<T> {
  return parseAnswer(schema, await channel.message());
}
