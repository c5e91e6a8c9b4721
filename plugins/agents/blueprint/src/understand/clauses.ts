/**
 * Brings the ways of saying what a thing is made of into one: 'For each pet we store its name and age', 'store the
 * name and age of pets' and 'a pet's fields are name and age' all become 'pets: name and age'.
 */
export function plainClauses(text: string): string {
  return rules.reduce((said, [pattern, plain]) => said.replaceAll(pattern, plain), text);
}

const keep = String.raw`(?:stores?|keeps?|records?|tracks?|saves?|holds?|needs?|wants?|captures?|remembers?|knows?)`;
const thing = String.raw`[\p{L}][\p{L}_-]*(?: [\p{L}][\p{L}_-]*){0,2}?`;
const inSentence = String.raw`(?:[^.;:\n()]|\.(?=\d)|\([^()]*\))`;

const rules: readonly (readonly [RegExp, string])[] = [
  // 'For each pet, we store its name, …'
  [
    new RegExp(
      String.raw`\bfor (?:each|every|an?|all) (${thing}),? (?:(?:we|i|it|you|they|the (?:api|service|system|server|app)|please)\s+)?(?:(?:want|need|have|shall|should|must|will)s?\s+(?:to\s+)?)?${keep}\s*:?\s+(?:track of\s+)?(?:the|its|their|an?|his|her)?\s*(?=\p{L})`,
      'giu',
    ),
    'each $1: ',
  ],
  // 'store the name, altitude and difficulty of mountains'
  [
    new RegExp(
      String.raw`\b(?:${keep}|manages?|lists?|storing|keeping|tracking|recording|managing)\s+(?:the|a|an)?\s*([\p{L}][^.;:\n()]{0,150}?,?\s(?:and|,)\s[\p{L} ]{2,30}?)\s+(?:of|for|about)\s+(?:each|every|all|an?|the|my|our)?\s*(${thing})(?=[.;\n]|$)`,
      'giu',
    ),
    '$2: $1',
  ],
  // 'A podcast's fields are title and host', 'The fields of a podcast are: …', 'Podcast fields: …'
  [
    new RegExp(
      String.raw`\b(?:an?|the|each|every)?\s*(${thing})'s?\s+(?:fields|attributes|properties|columns|details) (?:are|is|include)\s*:?`,
      'giu',
    ),
    '$1: ',
  ],
  [
    new RegExp(
      String.raw`\b(?:the\s+)?(?:fields|attributes|properties|columns) (?:of|for) (?:an?|the|each|every|all)?\s*(${thing})\s*(?:are|is|include|:)\s*:?`,
      'giu',
    ),
    '$1: ',
  ],
  [
    new RegExp(
      String.raw`\b(?!with|the|and|of|required|optional|mandatory|following|these|unique)([\p{L}_-]+) (?:fields|attributes|properties)\s*:`,
      'giu',
    ),
    '$1: ',
  ],
  // 'Cats. name, breed, age' and 'Cat\nname, breed, age'
  [
    new RegExp(
      String.raw`(^|[.\n]\s*)(\p{Lu}[\p{L}_-]+)(?:\.\s+|\n)(?=\p{Ll}[\p{L} _-]{0,25}(?:\([^()\n]*\))?,(?:${inSentence}){3,}(?:[.;\n]|$))`,
      'gu',
    ),
    '$1$2: ',
  ],
  // 'resource: ship. attributes: number, flag'
  [
    new RegExp(
      String.raw`\b(?:resource|entity|model|object)s?\s*:\s*(${thing})[.;,\n]\s*(?:attributes|fields|properties|columns)\s*:\s*`,
      'giu',
    ),
    '$1: ',
  ],
  // 'drones, each with a callsign'
  [/,? each (?:one )?(?:with|having|of which has|has)(?= )/giu, ' with'],
  // 'guests: they have a name', 'an API for guests. They have a name'
  [/(?<=\p{L}s)[.:;,]\s+(?:they|these|each one|each of them) ha(?:ve|s)(?= (?:an?|the|some)\b)/giu, ' with'],
  // 'each bug should have: title'
  [
    /\b(?:should|must|shall|will|may|can) (?:each )?(?:have|contain|include)\b(?! (?:to|been)\b)(?=:| an?\b| the\b| \p{L}+,)/giu,
    'has',
  ],
  // 'with 14 fields: a, b'
  [
    /\bwith (?:the )?(?:following )?(?:\d+|two|three|four|five|six|seven|eight|nine|ten) (fields|attributes|properties)\b/giu,
    'with $1',
  ],
];
