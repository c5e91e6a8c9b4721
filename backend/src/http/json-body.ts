import type { FastifyInstance } from 'fastify';
import { HttpProblem } from './problem.ts';

const deepest = 60;

/** JSON is the only body that is parsed; single files come as bytes, ZIPs reach their route as a stream. Everything else is refused as 415. */
export function takeBodies(http: FastifyInstance): void {
  http.removeAllContentTypeParsers();
  http.addContentTypeParser('application/json', { parseAs: 'string' }, (request, text, done) => {
    // Nothing is read of what its sender has yet to prove.
    if (request.routeOptions.config.unread === true) return done(null, text);
    try {
      done(null, parseJson(String(text)));
    } catch (error) {
      done(error as Error);
    }
  });
  // A file as it is, of a size that its route takes.
  http.addContentTypeParser('application/octet-stream', { parseAs: 'buffer' }, (_request, bytes, done) =>
    done(null, bytes),
  );
  http.addContentTypeParser('application/zip', (_request, stream, done) => done(null, stream));
}

/** Throws HttpProblem: malformed, too deep, or with keys that aim at prototypes. */
export function parseJson(text: string): unknown {
  if (text.trim() === '')
    throw new HttpProblem(400, 'empty_body', { detail: 'The body is empty; send a JSON object.' });
  // Before parsing: what follows walks the value recursively.
  if (depthOf(text) > deepest)
    throw new HttpProblem(400, 'too_deep', { detail: `The JSON is nested deeper than ${deepest} levels.` });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new HttpProblem(400, 'malformed_json', {
      detail: `The body is not valid JSON: ${error instanceof Error ? error.message : 'unreadable'}`,
    });
  }
  refuseForbiddenKeys(value);
  return value;
}

function depthOf(text: string): number {
  let depth = 0;
  let most = 0;
  let inString = false;
  for (let index = 0; index < text.length; index++) {
    const sign = text[index];
    if (inString) {
      if (sign === '\\') index++;
      else if (sign === '"') inString = false;
    } else if (sign === '"') inString = true;
    else if (sign === '{' || sign === '[') most = Math.max(most, ++depth);
    else if (sign === '}' || sign === ']') depth--;
  }
  return most;
}

/** '__proto__', and 'constructor' with a 'prototype' in it: what a careless merge would write onto all objects. */
function refuseForbiddenKeys(value: unknown): void {
  if (value === null || typeof value !== 'object') return;
  for (const [key, inner] of Object.entries<unknown>(value as Record<string, unknown>)) {
    const aims =
      key === '__proto__' ||
      (key === 'constructor' && inner !== null && typeof inner === 'object' && Object.hasOwn(inner, 'prototype'));
    if (aims) throw new HttpProblem(400, 'forbidden_key', { detail: `The key '${key}' is not allowed here.` });
    refuseForbiddenKeys(inner);
  }
}
