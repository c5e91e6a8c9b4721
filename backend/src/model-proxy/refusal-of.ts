import { DomainError } from '@devfactory/kit';
import { ZodError } from 'zod';
import type { Refusal } from './dialect.ts';

/**
 * A fault as an agent is told it. What asking again may mend is a 503, which agents do ask again after; all else is a status that they
 * give up at.
 */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof ZodError) {
    const [issue] = error.issues;
    return {
      status: 400,
      code: 'invalid_request',
      message: `${issue?.path.join('.') || 'body'}: ${issue?.message ?? 'not right'}`,
    };
  }
  if (!(error instanceof DomainError))
    return { status: 503, code: 'internal_error', message: 'The factory could not ask the model.' };
  return { status: statusOf(error.code), code: error.code, message: error.message };
}

function statusOf(code: string): number {
  switch (code) {
    case 'invalid_request':
    case 'model_refused':
    case 'model_overflow':
      return 400;
    case 'budget_spent':
    case 'model_quota':
    case 'model_price_unknown':
      return 402;
    case 'models_closed':
    case 'model_missing':
    case 'model_not_set_up':
    case 'model_key_refused':
      return 403;
    case 'model_unknown':
      return 404;
    case 'body_too_large':
      return 413;
    default:
      return 503;
  }
}
