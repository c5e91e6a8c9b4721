import type { Field, Model } from '../../model/model.ts';

/** The module's path; its last part names the program. A last part like 'v2' would mean a version to Go. */
export function modulePath({ slug }: Model): string {
  return `example.com/${/^v\d+$/.test(slug) ? `${slug}-api` : slug}`;
}

/** A text as Go spells it: raw where that is possible. JSON's escapes are Go's as well. */
export function goText(text: string): string {
  return text.includes('`') ? JSON.stringify(text) : `\`${text}\``;
}

/** A field as the schema declares it. */
export function fieldLiteral(field: Field): string {
  const parts = [
    `Key: ${JSON.stringify(field.key)}`,
    `Kind: ${kindLiteral(field)}`,
    ...(field.required ? ['Required: true'] : []),
    ...(field.unique ? ['Unique: true'] : []),
  ];
  return `{${parts.join(', ')}}`;
}

function kindLiteral(field: Field): string {
  const { min, max, choices } = field;
  const length = [
    ...(min !== null && min > 1 ? [`MinLength: ${min}`] : []),
    ...(max === null ? [] : [`MaxLength: ${max}`]),
  ];
  const range = [
    ...(min === null ? [] : [`${field.minOpen ? 'Above' : 'Minimum'}: schema.Bound(${min})`]),
    ...(max === null ? [] : [`Maximum: schema.Bound(${max})`]),
  ];
  switch (field.type) {
    case 'string':
      return `schema.Text{${length.join(', ')}}`;
    case 'text':
      return `schema.Text{${[...length, ...(max === null ? ['MaxLength: 10_000'] : [])].join(', ')}}`;
    case 'email':
      return `schema.Email{${length.join(', ')}}`;
    case 'url':
      return `schema.URL{${length.join(', ')}}`;
    case 'integer':
      return `schema.Integer{${range.join(', ')}}`;
    case 'number':
      return `schema.Number{${range.join(', ')}}`;
    case 'boolean':
      return 'schema.Boolean{}';
    case 'date':
      return 'schema.Date{}';
    case 'datetime':
      return 'schema.Moment{}';
    case 'choice':
      return `schema.Choice{${choices.map((choice) => JSON.stringify(choice)).join(', ')}}`;
    case 'list':
      return 'schema.TextList{}';
  }
}
