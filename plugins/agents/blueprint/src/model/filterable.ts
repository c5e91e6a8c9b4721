import type { Field } from './model.ts';
import { sampleOf } from './samples.ts';

/** The first field that a query can name and whose first two samples differ. */
export function filterable(fields: readonly Field[]): Field | undefined {
  const taken = ['limit', 'offset', 'sort', 'q'];
  return fields.find(
    (field) => !taken.includes(field.key) && field.type !== 'list' && sampleOf(field, 1) !== sampleOf(field, 2),
  );
}
