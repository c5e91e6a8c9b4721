import type { Log } from './server/log.ts';

const say = (level: string) => (fields: object, message: string) =>
  void process.stderr.write(`${JSON.stringify({ level, ...fields, msg: message })}\n`);

/** For programs whose standard output is their answer. */
export const stderrLog: Log = { debug: () => undefined, info: () => undefined, warn: say('warn'), error: say('error') };
