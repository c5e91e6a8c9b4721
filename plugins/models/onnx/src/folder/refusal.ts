import { DomainError } from '@devfactory/kit';

/** Says why a model folder is not run. */
export function refusal(folder: string, why: string): DomainError {
  return new DomainError('model_refused', 'invalid', { message: `The model in ${folder} is not run: ${why}` });
}
