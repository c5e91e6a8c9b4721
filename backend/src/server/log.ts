/** Structured log, one JSON line per record on stderr. Fastify's own logger fits. Fields never hold tokens, cookies or query strings. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
