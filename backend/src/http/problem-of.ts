import type { Problem } from '@devfactory/contracts';
import { DomainError } from '@devfactory/kit';
import { HttpException } from '@nestjs/common';
import { HttpProblem, problem, problemOfDomain } from './problem.ts';

/** What Fastify's own refusals mean, in our codes and words. */
const fastifyCodes: Readonly<
  Record<string, { readonly status: number; readonly code: string; readonly detail: string }>
> = {
  FST_ERR_CTP_BODY_TOO_LARGE: {
    status: 413,
    code: 'body_too_large',
    detail: 'The body is larger than this route takes.',
  },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    status: 415,
    code: 'content_type',
    detail: 'This route takes application/json (uploads: application/zip).',
  },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: {
    status: 400,
    code: 'content_length',
    detail: 'The body is not as long as its Content-Length says.',
  },
  FST_ERR_CTP_EMPTY_JSON_BODY: { status: 400, code: 'empty_body', detail: 'The body is empty; send a JSON object.' },
  FST_ERR_BAD_URL: { status: 400, code: 'malformed_url', detail: 'The address is not a valid URL.' },
  FST_ERR_MAX_PARAM_LENGTH: { status: 414, code: 'address_too_long', detail: 'A part of the address is too long.' },
};

/** Circumstances of the machine that reach a route unnamed, by the system's own word for them. */
const circumstances: Readonly<Record<string, { readonly code: string; readonly detail: string; retryAfter?: number }>> =
  {
    ENOSPC: { code: 'disk_full', detail: 'The disk is full. Make room, then try again.' },
    EDQUOT: { code: 'disk_full', detail: 'The disk quota is used up. Make room or raise it, then try again.' },
    EROFS: { code: 'disk_read_only', detail: 'The disk can only be read. Mount it writable, then try again.' },
    EIO: { code: 'disk_broken', detail: 'The disk cannot be read or written. See the system log (dmesg).' },
    EMFILE: { code: 'too_many_files', detail: 'Too many files are open; raise the limit (ulimit -n).', retryAfter: 2 },
    ENFILE: { code: 'too_many_files', detail: 'Too many files are open on this machine.', retryAfter: 2 },
  };

/** An error as the caller may see it; null when it is a fault of ours, which only the log may see. */
export function problemOf(error: unknown): Problem | null {
  if (error instanceof HttpProblem) return error.toProblem();
  if (error instanceof DomainError) return problemOfDomain(error);
  if (error instanceof HttpException) return problemOfNest(error);
  if (!(error instanceof Error)) return null;
  const word = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const circumstance = circumstances[word];
  if (circumstance) return problem(424, circumstance.code, circumstance);
  const known = fastifyCodes[word];
  if (known) return problem(known.status, known.code, known);
  const status = 'statusCode' in error ? Number(error.statusCode) : 500;
  return status >= 400 && status < 500 ? problem(status, 'bad_request', { detail: error.message }) : null;
}

/** Nest wraps Fastify's refusals and keeps their status only. */
function problemOfNest(error: HttpException): Problem | null {
  const status = error.getStatus();
  if (status >= 500) return null;
  const known = Object.values(fastifyCodes).find((item) => item.status === status && status !== 400);
  if (status === 404) return problem(404, 'not_found', { detail: 'There is nothing at this address.' });
  return known ? problem(status, known.code, known) : problem(status, 'bad_request', { detail: error.message });
}
