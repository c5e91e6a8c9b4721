import { APICallError } from '@ai-sdk/provider';
import { DomainError } from '@devfactory/kit';
import { cutHead } from '../text/cut-text.ts';

/** What a failed request means for the one who asked. `code` is stable, `reason` is for people. */
export interface ModelFault {
  readonly cure: 'retry' | 'shorten' | 'give-up';
  readonly code: string;
  readonly reason: string;
  /** What the provider asked us to wait, in milliseconds. */
  readonly retryAfterMs: number | null;
}

/** An answer that did not come whole. */
export class BrokenAnswer extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

const overflow =
  /context.{0,20}(length|window|size|limit)|maximum.{0,20}(context|tokens)|too many (input )?tokens|prompt is too long|input.{0,20}too long|exceed.{0,30}(context|token limit|n_ctx)|reduce the length|request too large for model/i;
const outOfMoney = /insufficient[_ ]quota|billing|credit balance|payment required|exceeded your current quota/i;
const reasonLength = 1500;

/** Every way in which asking a model can fail, put in order: the only place that knows vendors' words for it. */
export function faultOf(error: unknown): ModelFault {
  if (APICallError.isInstance(error) && error.statusCode !== undefined && error.statusCode >= 400)
    return answeredFault(error, error.statusCode);
  if (error instanceof BrokenAnswer) return fault('retry', error.code, error.message);
  if (error instanceof DomainError) return fault('give-up', error.code, error.message);
  const said = wordsOf(error);
  if (overflow.test(said)) return fault('shorten', 'model_overflow', said);
  if (outOfMoney.test(said)) return fault('give-up', 'model_quota', said);
  if (/fetch failed|ECONN|ENOTFOUND|EAI_AGAIN|EPIPE|socket|network|terminated/i.test(said))
    return fault('retry', 'model_unreachable', said);
  return fault('retry', 'model_garbled', said);
}

function answeredFault(error: APICallError, status: number): ModelFault {
  const said = `${status}: ${[error.message, bodyWords(error)].filter(Boolean).join(' ')}`;
  if (overflow.test(said) && [400, 413, 422, 500].includes(status)) return fault('shorten', 'model_overflow', said);
  if (outOfMoney.test(said) || status === 402) return fault('give-up', 'model_quota', said);
  if (status === 429)
    return { ...fault('retry', 'model_busy', said), retryAfterMs: retryAfter(error.responseHeaders ?? {}) };
  if (status === 401 || status === 403) return fault('give-up', 'model_key_refused', said);
  if (status === 404) return fault('give-up', 'model_unknown', said);
  if ([408, 409, 425].includes(status) || status >= 500)
    return { ...fault('retry', 'model_unavailable', said), retryAfterMs: retryAfter(error.responseHeaders ?? {}) };
  return fault('give-up', 'model_refused', said);
}

function fault(cure: ModelFault['cure'], code: string, reason: string): ModelFault {
  return { cure, code, reason: cutHead(reason.trim() || code, reasonLength), retryAfterMs: null };
}

/** Seconds or a date; some vendors say it in milliseconds in a header of their own. */
function retryAfter(headers: Readonly<Record<string, string>>, now = Date.now()): number | null {
  const inMs = Number(headers['retry-after-ms']);
  if (Number.isFinite(inMs) && inMs >= 0 && headers['retry-after-ms']) return inMs;
  const text = headers['retry-after'];
  if (!text) return null;
  const seconds = Number(text);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(text);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}

function bodyWords(error: APICallError): string {
  const body = error.responseBody ?? '';
  return body.includes(error.message) ? '' : body.slice(0, reasonLength);
}

/** An error's words with those of its causes; a provider's error within a stream is an object. */
function wordsOf(error: unknown): string {
  if (error instanceof Error) return [error.message, error.cause === undefined ? '' : wordsOf(error.cause)].join(' ');
  if (typeof error === 'string') return error;
  try {
    return JSON.stringify(error) ?? '';
  } catch {
    return 'an error without words';
  }
}
