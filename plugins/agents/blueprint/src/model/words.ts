/** Words of a name, lower case ASCII: 'Due Date', 'due_date', 'dueDate' and 'Größe' become [due, date] and [groesse]. */
export function wordsOf(name: string): string[] {
  return asciiOf(
    name
      .replaceAll(/['’]s\b/g, 's')
      .replaceAll(/\be-mail/gi, 'email')
      .replaceAll(/\b[kmMG](?:Wh?|Hz|V|A|Pa|B)\b/g, (unit) => unit.toLowerCase())
      .replaceAll(/(\p{Ll}|\d)(\p{Lu})/gu, '$1 $2'),
  )
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}

export const snake = (words: readonly string[]): string => words.join('_');
export const kebab = (words: readonly string[]): string => words.join('-');
export const camel = (words: readonly string[]): string =>
  words.map((word, index) => (index === 0 ? word : capital(word))).join('');
export const pascal = (words: readonly string[]): string => words.map(capital).join('');
export const capital = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1);

const letters: Readonly<Record<string, string>> = {
  ä: 'ae',
  ö: 'oe',
  ü: 'ue',
  Ä: 'Ae',
  Ö: 'Oe',
  Ü: 'Ue',
  ß: 'ss',
  æ: 'ae',
  Æ: 'Ae',
  œ: 'oe',
  Œ: 'Oe',
  ø: 'o',
  Ø: 'O',
  å: 'a',
  Å: 'A',
  ł: 'l',
  Ł: 'L',
  đ: 'd',
  Đ: 'D',
  þ: 'th',
  ð: 'd',
  ı: 'i',
  а: 'a',
  б: 'b',
  в: 'v',
  г: 'g',
  д: 'd',
  е: 'e',
  ё: 'yo',
  ж: 'zh',
  з: 'z',
  и: 'i',
  й: 'y',
  к: 'k',
  л: 'l',
  м: 'm',
  н: 'n',
  о: 'o',
  п: 'p',
  р: 'r',
  с: 's',
  т: 't',
  у: 'u',
  ф: 'f',
  х: 'kh',
  ц: 'ts',
  ч: 'ch',
  ш: 'sh',
  щ: 'shch',
  ъ: '',
  ы: 'y',
  ь: '',
  э: 'e',
  ю: 'yu',
  я: 'ya',
  α: 'a',
  β: 'v',
  γ: 'g',
  δ: 'd',
  ε: 'e',
  ζ: 'z',
  η: 'i',
  θ: 'th',
  ι: 'i',
  κ: 'k',
  λ: 'l',
  μ: 'm',
  ν: 'n',
  ξ: 'x',
  ο: 'o',
  π: 'p',
  ρ: 'r',
  σ: 's',
  ς: 's',
  τ: 't',
  υ: 'y',
  φ: 'f',
  χ: 'ch',
  ψ: 'ps',
  ω: 'o',
};

/** Letters of other alphabets spelled in ASCII, where that is usual. */
export function asciiOf(text: string): string {
  const spelled = [...text.normalize('NFC')].map((letter) => letters[letter] ?? upper(letter) ?? letter).join('');
  return spelled.normalize('NFKD').replaceAll(/\p{M}/gu, '');
}

function upper(letter: string): string | undefined {
  const spelled = letters[letter.toLowerCase()];
  return spelled === undefined ? undefined : capital(spelled);
}

const irregular: Readonly<Record<string, string>> = {
  person: 'people',
  child: 'children',
  man: 'men',
  woman: 'women',
  mouse: 'mice',
  goose: 'geese',
  foot: 'feet',
  tooth: 'teeth',
  ox: 'oxen',
  louse: 'lice',
  leaf: 'leaves',
  knife: 'knives',
  life: 'lives',
  wife: 'wives',
  shelf: 'shelves',
  wolf: 'wolves',
  half: 'halves',
  loaf: 'loaves',
  thief: 'thieves',
  calf: 'calves',
  scarf: 'scarves',
  self: 'selves',
  hero: 'heroes',
  potato: 'potatoes',
  tomato: 'tomatoes',
  echo: 'echoes',
  torpedo: 'torpedoes',
  cactus: 'cacti',
  fungus: 'fungi',
  nucleus: 'nuclei',
  alumnus: 'alumni',
  stimulus: 'stimuli',
  analysis: 'analyses',
  crisis: 'crises',
  thesis: 'theses',
  basis: 'bases',
  diagnosis: 'diagnoses',
  hypothesis: 'hypotheses',
  oasis: 'oases',
  axis: 'axes',
  criterion: 'criteria',
  phenomenon: 'phenomena',
  medium: 'media',
  datum: 'data',
  bacterium: 'bacteria',
  curriculum: 'curricula',
  index: 'indexes',
  matrix: 'matrices',
  vertex: 'vertices',
  appendix: 'appendices',
  quiz: 'quizzes',
  movie: 'movies',
  cookie: 'cookies',
  pie: 'pies',
  tie: 'ties',
  zombie: 'zombies',
  selfie: 'selfies',
  calorie: 'calories',
  brownie: 'brownies',
  die: 'dice',
  shoe: 'shoes',
  toe: 'toes',
  canoe: 'canoes',
  cache: 'caches',
  house: 'houses',
  horse: 'horses',
  course: 'courses',
  case: 'cases',
  purchase: 'purchases',
  expense: 'expenses',
  license: 'licenses',
  response: 'responses',
  exercise: 'exercises',
  warehouse: 'warehouses',
  release: 'releases',
  database: 'databases',
  phase: 'phases',
  nurse: 'nurses',
  verse: 'verses',
  lease: 'leases',
  invoice: 'invoices',
  size: 'sizes',
  prize: 'prizes',
  axe: 'axes',
  headache: 'headaches',
  avalanche: 'avalanches',
  bus: 'buses',
  menu: 'menus',
  guru: 'gurus',
  emu: 'emus',
  gnu: 'gnus',
  haiku: 'haikus',
};
const singulars = new Map(
  Object.entries(irregular)
    .toReversed()
    .map(([one, many]) => [many, one]),
);
/** The same in singular and plural. */
const unchanging = new Set([
  'series',
  'species',
  'sheep',
  'fish',
  'deer',
  'aircraft',
  'spacecraft',
  'news',
  'equipment',
  'staff',
  'software',
  'hardware',
  'furniture',
  'feedback',
  'luggage',
  'inventory',
  'metadata',
  'moose',
  'offspring',
  'salmon',
  'jewelry',
  'jewellery',
  'merchandise',
  'music',
  'chassis',
  'corps',
  'gear',
  'chess',
  'homework',
  'stuff',
  'livestock',
  'glassware',
  'cutlery',
]);

export function pluralOf(word: string): string {
  if (unchanging.has(word) || singulars.has(word)) return word;
  const known = irregular[word];
  if (known) return known;
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ies`;
  if (/(s|x|z|ch|sh)$/.test(word)) return `${word}es`;
  return `${word}s`;
}

export function singularOf(word: string): string {
  if (unchanging.has(word) || word in irregular) return word;
  const known = singulars.get(word);
  if (known) return known;
  if (/[^aeiou]ies$/.test(word) && word.length > 4) return `${word.slice(0, -3)}y`;
  if (/(ss|sh|ch|x|z)es$/.test(word)) return word.slice(0, -2);
  if (/(us|is|ss|atlas|canvas|bias|gas|alias|christmas|pancreas)$/.test(word)) return word;
  if (/(atus|irus|onus|ampus|ensus|lias|bias|gas)es$/.test(word)) return word.slice(0, -2);
  return /[^s]s$/.test(word) && word.length > 2 ? word.slice(0, -1) : word;
}

/** True where a word is surely a plural: its singular is another word. */
export function isPlural(word: string): boolean {
  return singularOf(word) !== word || unchanging.has(word);
}

/** 'a book', 'an author', 'a unicorn'. */
export function withArticle(label: string): string {
  return `${/^(?:[aeio]|u(?!n[ai]|s[eu]|t[ei]))/.test(label) ? 'an' : 'a'} ${label}`;
}
