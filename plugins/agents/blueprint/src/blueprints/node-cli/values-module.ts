import type { FieldType, Model } from '../../model/model.ts';

interface Part {
  readonly types: readonly FieldType[];
  readonly code: string;
}

/** src/values.ts with exactly the kinds of value that are used. */
export function valuesModule(model: Model): string {
  const types = new Set(model.entities.flatMap((entity) => entity.fields.map((field) => field.type)));
  return parts
    .filter((part) => part.types.length === 0 || part.types.some((type) => types.has(type)))
    .map((part) => part.code)
    .join('\n');
}

const parts: readonly Part[] = [
  {
    types: [],
    code: `import type { Value } from './thing.ts';

/** What is wrong with one word, after the name of its option. */
export class Invalid extends Error {}

/** A kind of value: what a word on the command line means, or why it is refused. */
export interface Kind {
  readonly word: string;
  readonly column: 'TEXT' | 'INTEGER' | 'REAL';
  readonly searchable?: true;
  /** Its option may be given several times. */
  readonly many?: true;
  /** Its option stands for yes by itself. */
  readonly flag?: true;
  readonly help?: string;
  parse(word: string): Value;
}

/** The number of a thing. */
export function identity(word: string): number {
  const number = /^\\d{1,15}$/.test(word) ? Number(word) : 0;
  if (number === 0) throw new Invalid('must be a number from 1 on');
  return number;
}

export function count(word: string): number {
  if (!/^\\d{1,9}$/.test(word)) throw new Invalid('must be a whole number from 0 on');
  return Number(word);
}
`,
  },
  {
    types: ['string', 'text', 'email', 'url'],
    code: `interface Length {
  readonly minimum?: number;
  readonly maximum?: number;
}

export function text(length: Length = {}): Kind {
  return { word: 'TEXT', column: 'TEXT', searchable: true, parse: (word) => sized(word, length) };
}

function sized(word: string, { minimum = 1, maximum = 200 }: Length): string {
  const cleaned = word.trim();
  const length = [...cleaned].length;
  if (length === 0) throw new Invalid('must not be empty');
  if (length < minimum) throw new Invalid(\`must have at least \${minimum} characters\`);
  if (length > maximum) throw new Invalid(\`must have at most \${maximum} characters\`);
  return cleaned;
}
`,
  },
  {
    types: ['email'],
    code: `export function email(length: Length = {}): Kind {
  const parse = (word: string): string => {
    const address = sized(word, { maximum: 254, ...length });
    if (!/^[^@\\s]+@[^@\\s]+\\.[^@\\s.]+$/.test(address)) throw new Invalid('must be an e-mail address');
    return address;
  };
  return { word: 'ADDRESS', column: 'TEXT', searchable: true, parse };
}
`,
  },
  {
    types: ['url'],
    code: `export function url(length: Length = {}): Kind {
  const parse = (word: string): string => {
    const address = sized(word, { maximum: 2000, ...length });
    if (!/^https?:\\/\\//i.test(address) || !URL.canParse(address)) throw new Invalid('must be a web address');
    return address;
  };
  return { word: 'URL', column: 'TEXT', searchable: true, parse };
}
`,
  },
  {
    types: ['integer', 'number'],
    code: `interface Limits {
  readonly above?: number;
  readonly minimum?: number;
  readonly maximum?: number;
}

function limited(value: number, { above, minimum, maximum }: Limits): number {
  if (Math.abs(value) > Number.MAX_SAFE_INTEGER) throw new Invalid('is out of range');
  if (above !== undefined && value <= above) throw new Invalid(\`must be greater than \${above}\`);
  if (minimum !== undefined && value < minimum) throw new Invalid(\`must be at least \${minimum}\`);
  if (maximum !== undefined && value > maximum) throw new Invalid(\`must be at most \${maximum}\`);
  return value;
}
`,
  },
  {
    types: ['number'],
    code: `export function number(limits: Limits = {}): Kind {
  const parse = (word: string): number => {
    if (!/^[+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:e[+-]?\\d+)?$/i.test(word)) throw new Invalid('must be a number');
    return limited(Number(word), limits);
  };
  return { word: 'NUMBER', column: 'REAL', parse };
}
`,
  },
  {
    types: ['integer'],
    code: `export function integer(limits: Limits = {}): Kind {
  const parse = (word: string): number => {
    if (!/^[+-]?\\d+$/.test(word)) throw new Invalid('must be a whole number');
    return limited(Number(word), limits);
  };
  return { word: 'NUMBER', column: 'INTEGER', parse };
}
`,
  },
  {
    types: ['boolean'],
    code: `export function flag(): Kind {
  return { word: '', column: 'INTEGER', flag: true, help: 'with --no- before its name: not so', parse: Boolean };
}
`,
  },
  {
    types: ['date'],
    code: `export function date(): Kind {
  const parse = (word: string): string => {
    const day = /^\\d{4}-\\d\\d-\\d\\d$/.test(word) ? new Date(\`\${word}T00:00:00Z\`) : null;
    // 2026-02-30 reads as the second of March.
    if (!day || Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== word) {
      throw new Invalid('must be a date like 2026-01-31');
    }
    return word;
  };
  return { word: 'DATE', column: 'TEXT', parse };
}
`,
  },
  {
    types: ['datetime'],
    code: `/** Kept in UTC, so that texts sort as moments do. */
export function moment(): Kind {
  const shape = /^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d(?::\\d\\d(?:\\.\\d+)?)?(Z|[+-]\\d\\d:\\d\\d)?$/;
  const parse = (word: string): string => {
    const found = shape.exec(word);
    const time = found ? new Date(found[1] ? word : \`\${word}Z\`) : null;
    if (!time || Number.isNaN(time.getTime())) throw new Invalid('must be a moment like 2026-01-31T12:00:00Z');
    return time.toISOString().replace(/\\.\\d{3}Z$/, 'Z');
  };
  return { word: 'MOMENT', column: 'TEXT', parse };
}
`,
  },
  {
    types: ['choice'],
    code: `export function choice(...choices: readonly string[]): Kind {
  const parse = (word: string): string => {
    if (!choices.includes(word)) throw new Invalid(\`must be one of \${choices.join(', ')}\`);
    return word;
  };
  return { word: 'CHOICE', column: 'TEXT', help: \`one of \${choices.join(', ')}\`, parse };
}
`,
  },
  {
    types: ['list'],
    code: `export function texts(): Kind {
  return { word: 'TEXT', column: 'TEXT', many: true, help: 'may be given several times', parse: (word) => word.trim() };
}
`,
  },
];
