import type { FieldType } from '../model/model.ts';
import { foreignGuesses } from './languages.ts';

const named: readonly (readonly [RegExp, FieldType])[] = [
  [
    /^(?:list|array|set)(?: of (?:strings?|texts?|words|tags))?$|^(?:strings|texts|tags)$|^(?:string|text)(?:\[\]| (?:list|array))$/,
    'list',
  ],
  [/^(?:long ?text|multi-?line(?: text)?|rich text|markdown)$/, 'text'],
  [/^(?:str|string|text|varchar|char|chars|short text)$/, 'string'],
  [/^(?:int|integer|whole number|number of .+|bigint|smallint|year|count)$/, 'integer'],
  [/^(?:number|float|double|decimal|real|numeric|money|currency|percentage|percent)$/, 'number'],
  [/^(?:bool|boolean|flag|true\/false|yes\/no|true or false|yes or no|checkbox)$/, 'boolean'],
  [/^(?:date|iso date|calendar date|day)$/, 'date'],
  [/^(?:date ?time|timestamp|date and time|moment|instant|time stamp|iso datetime)$/, 'datetime'],
  [/^(?:e-?mail(?: address)?)$/, 'email'],
  [/^(?:url|uri|link|web address|web link)$/, 'url'],
];

/** The type that words such as 'a whole number' name; null when they name none. */
export function typeNamed(words: string): FieldType | null {
  const plain = words
    .toLowerCase()
    .replace(/^(?:an?|the|of type|type)\s+/, '')
    .replace(/\s+(?:value|field|column)$/, '')
    .trim();
  return named.find(([pattern]) => pattern.test(plain))?.[1] ?? null;
}

const guesses: readonly (readonly [RegExp, FieldType])[] = [
  [/^(?:is|has|can|was|should)\b|\bflag$/, 'boolean'],
  [
    /\b(?:in stock|on sale|out of stock|done|completed?|finished|active|available|enabled|disabled|archived|published|public|private|paid|verified|deleted|read only|favou?rite|cancelled|canceled|shipped|borrowed|returned|open|closed|vegan|vegetarian|visible|hidden|featured|urgent|hardy|edible)$/,
    'boolean',
  ],
  [/\b(?:e-?mail|email address)$/, 'email'],
  [/\b(?:url|website|homepage|link|web page)$/, 'url'],
  [/\b(?:tags|labels|keywords|aliases|ingredients list|topics|genres|allergens)$/, 'list'],
  [
    /\b(?:timestamp|date ?time|time)$|\b(?:created|updated|starts?|ends?|started|ended|published|logged|sent|scheduled|occurred|happened|departs|arrives|closes|opens|begins) at$|\b\w{3,}ed at$/,
    'datetime',
  ],
  [
    /\b(?:date|birthday|deadline|day|dob)$|^(?:due|due by|due on|expires|expires on|born|released|start|end)$|\bon$/,
    'date',
  ],
  [
    /\b(?:year|count|quantity|qty|stock|age|pages|number of .+|amount in stock|position|rank|level|score|points|seats|capacity|servings|floor|population|minutes|hours|seconds|duration|copies|votes|likes|views|goals|calories|mileage|rooms|legs|players|size in bytes|(?:party|group|team|crew|fleet|batch|pack|family|class) size|rating|stars|priority number|units|doors|episodes|seasons|track count)$|^(?:num|no of)\b/,
    'integer',
  ],
  [
    /\b(?:percent|price|cost|amount|total|weight|height|width|depth|length|lat|latitude|lon|lng|longitude|balance|salary|rate|temperature|distance|volume|area|budget|fee|tax|discount|percentage|magnitude|speed|wage|value|altitude|elevation|diameter|radius|mass|humidity|pressure)$/,
    'number',
  ],
  [
    /\b(?:description|notes?|body|content|comments?|text|summary|bio|biography|instructions|message|details|abstract|review|remarks|lyrics|steps|address)$/,
    'text',
  ],
];

/** What a field called so most likely holds. */
export function typeGuessed(label: string): FieldType {
  // 'weight in kg' is a weight, 'cooking time in minutes' a count of them.
  const plain = /\bin (?:minutes|hours|seconds|days|pages|year)$/.test(label)
    ? label
    : label.replace(/ (?:in|per) (?!stock\b)[a-z]+$/, '');
  return (
    guesses.find(([pattern]) => pattern.test(plain))?.[1] ??
    foreignGuesses.find(([pattern]) => pattern.test(plain))?.[1] ??
    'string'
  );
}

/** Fields that a thing can usually do without. */
export function usuallyOptional(type: FieldType, label: string): boolean {
  return (
    ['text', 'boolean', 'date', 'datetime', 'list', 'url'].includes(type) &&
    !/^(?:text|body|content|message|date|url)$/.test(label)
  );
}
