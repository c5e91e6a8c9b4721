import { textual, type Field } from './model.ts';
import { sampleOf, type Json } from './samples.ts';

/** The outermost values that are still right. A unique field gets each once. */
export function edgesOf(field: Field): Json[] {
  if (field.type === 'choice') return [...field.choices];
  if (textual.includes(field.type)) {
    const plain = field.type === 'string' || field.type === 'text';
    return plain
      ? [
          ...(field.min === null ? [] : ['x'.repeat(Math.max(1, field.min))]),
          ...(field.max === null ? [] : ['y'.repeat(field.max)]),
        ]
      : [sampleOf(field, 1)];
  }
  const low = field.min === null ? [] : [field.minOpen ? sampleOf(field, 1) : field.min];
  return [...low, ...(field.max === null || field.max === field.min ? [] : [field.max])];
}

/** 'at least 1 and at most 10' */
export function boundText(field: Field): string {
  if (field.type === 'choice') return `one of ${field.choices.join(', ')}`;
  const unit = textual.includes(field.type) ? ' characters long' : '';
  const low = field.min === null ? '' : `${field.minOpen ? 'greater than' : 'at least'} ${field.min}`;
  const high = field.max === null ? '' : `at most ${field.max}`;
  return `${[low, high].filter((part) => part !== '').join(' and ')}${unit}`;
}
