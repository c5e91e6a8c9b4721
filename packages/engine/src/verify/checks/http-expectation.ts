import type { HttpExchange } from '@devfactory/contracts';
import type { HttpAnswer } from './http-exchange.ts';
import { jsonMismatch } from './json-pattern.ts';

type Expectation = Omit<HttpExchange['expect'], 'json'> & { readonly json?: unknown };

/** The first way in which an answer is not what was expected, in one sentence; null when it is. */
export function answerMismatch(expect: Expectation, answer: HttpAnswer & { readonly kind: 'answer' }): string | null {
  return (
    statusMismatch(expect, answer.status) ?? headerMismatch(expect, answer.headers) ?? bodyMismatch(expect, answer.body)
  );
}

function statusMismatch({ status }: Expectation, found: number): string | null {
  const wanted = Array.isArray(status) ? status : [status];
  return wanted.includes(found) ? null : `Expected status ${wanted.join(' or ')}, but it was ${found}.`;
}

function headerMismatch({ headers }: Expectation, found: Readonly<Record<string, string>>): string | null {
  for (const [name, part] of Object.entries(headers ?? {})) {
    const value = found[name.toLowerCase()];
    if (value === undefined) return `The answer has no header ${name}.`;
    if (!value.includes(part))
      return `Header ${name} should contain ${JSON.stringify(part)} but is ${JSON.stringify(value.slice(0, 300))}.`;
  }
  return null;
}

function bodyMismatch({ json, bodyIncludes, bodyExcludes }: Expectation, body: string): string | null {
  const lacking = (bodyIncludes ?? []).find((part) => !body.includes(part));
  if (lacking !== undefined) return `The body should include ${JSON.stringify(lacking)}.`;
  const extra = (bodyExcludes ?? []).find((part) => body.includes(part));
  if (extra !== undefined) return `The body should not include ${JSON.stringify(extra)}.`;
  if (json === undefined) return null;
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return 'The body is not JSON.';
  }
  return jsonMismatch(json, value);
}
