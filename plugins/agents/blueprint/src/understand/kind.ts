import type { Kind } from '../model/model.ts';

export interface KindReading {
  readonly kind: Kind | null;
  /** A framework that was named and is not what the blueprint uses. */
  readonly instead: readonly string[];
  readonly assumed: readonly string[];
}

const flaskWords = /\b(flask)\b/i;
const pythonWords = /\b(python3?|pytest|wsgi)\b/i;
const nodeWords = /\b(node(?:\.?js)?|typescript|javascript|express(?:\.?js)?|nest(?:\.?js)|fastify|koa|hono)\b/i;
const nodeFrameworks = /\b(express(?:\.?js)?|nest(?:\.?js)|fastify|koa|hono)\b/i;
const foreign =
  /\b(rust|golang|java|kotlin|scala|spring(?: boot)?|c\+\+|c#|\.net|asp\.net|php|laravel|symfony|ruby|rails|elixir|phoenix|haskell|swift|swiftui|objective-c|dart|flutter|zig|lua|perl|clojure|django|fastapi|tornado|pyramid|sanic|bottle|aiohttp|deno|bun|cobol|fortran|unity|godot|unreal)\b|\bin go\b|\bgo (?:api|service|server|program|backend)\b/i;
const http =
  /\b(apis?|rest(?:ful)?|http|endpoints?|backend|back end|back-end|web ?service|microservice|service|server|crud)\b/i;

/** Which blueprint the texts ask for; null when they ask for something else. */
export function readKind(texts: readonly string[]): KindReading {
  const [prompt = ''] = texts;
  const all = texts.join('\n');
  const instead = [...all.matchAll(new RegExp(nodeFrameworks, 'gi'))].map((match) => match[0]);
  const none: KindReading = { kind: null, instead: [], assumed: [] };
  const flaskAt = all.search(flaskWords);
  const nodeAt = all.search(nodeWords);
  const isHttp = http.test(all);
  if (flaskAt >= 0 && (nodeAt < 0 || flaskAt < nodeAt)) return { kind: 'flask', instead: [], assumed: [] };
  if (foreign.test(prompt) && nodeAt < 0 && flaskAt < 0) return none;
  const pythonAt = all.search(pythonWords);
  if (pythonAt >= 0 && isHttp && (nodeAt < 0 || pythonAt < nodeAt))
    return { kind: 'flask', instead: [], assumed: ['Python was asked for: it is a Flask application.'] };
  if (nodeAt >= 0 && (isHttp || instead.length > 0))
    return { kind: 'node', instead: [...new Set(instead)], assumed: [] };
  if (nodeAt >= 0 || pythonAt >= 0 || !isHttp) return none;
  return { kind: 'flask', instead: [], assumed: ['No language was named: it is a Flask application in Python.'] };
}
