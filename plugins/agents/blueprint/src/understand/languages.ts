/**
 * The one place for languages other than English. Their small words and their words for rules become English, so
 * that one grammar reads all; names stay as the person wrote them and are never bent by English rules.
 */
interface Language {
  readonly id: 'de' | 'es' | 'fr';
  /** Small words that tell the language from English and from the others. */
  readonly signs: RegExp;
  readonly words: readonly (readonly [pattern: string, english: string])[];
}

const german: Language = {
  id: 'de',
  signs:
    /(?<!\p{L})(?:für|mit|und|eine[nrms]?|ein|der|die|das|den|oder|baue|erstelle|schreibe|verwalte[nt]?|jede[rs]?|hat|haben|soll|ist|von)(?!\p{L})/giu,
  words: [
    ['(?:baue?|erstelle?|schreibe?|entwickle|mach)(?: mir)?', 'build'],
    ['(?:ich )?(?:brauche|möchte|hätte gern)', 'I need'],
    ['(?:zum verwalten|zur verwaltung) (?:von|der|des)', 'for'],
    [',? ?(?:die|der|das) (\\p{L}+) (mit [^.;\\n]+?) (?:verwaltet|verwalten|speichert|speichern)', ' manages $1 $2'],
    ['dienst', 'service'],
    ['anwendung', 'application'],
    [',? ?(?:die|der|das) (\\p{L}+) (?:verwaltet|verwalten|speichert|speichern)', ' manages $1'],
    ['verwaltet|verwalten|speichert|speichern', 'manages'],
    ['(?:der|die|das) ((?:rest-)?(?:api|dienst|server))', 'the $1'],
    ['für|über', 'for'],
    ['mit(?: den(?: folgenden)?)?(?: feldern)?', 'with'],
    ['(?:hat|haben|besteht aus|enthält|enthalten)', 'has'],
    ['und|sowie', 'and'],
    ['oder', 'or'],
    ['(?:jeder|jede|jedes)', 'each'],
    ['(?:eine|einen|einer|einem|eines|ein)', 'a'],
    ['(?:der|die|das|den|dem|des)', 'the'],
    ['felder', 'fields'],
    ['(?:ist |muss )?eindeutig(?: sein)?|einmalig', 'unique'],
    ['pflicht(?:feld)?|erforderlich|verpflichtend', 'required'],
    ['ganzzahl', 'integer'],
    ['zahl', 'number'],
    ['ja/nein|wahrheitswert', 'boolean'],
    ['datum(?=\\s*[),])', 'date'],
    ['zwischen (\\d+) und (\\d+)', 'between $1 and $2'],
    ['(?:von )?(\\d+) bis (\\d+)', '$1 to $2'],
    ['mindestens', 'at least'],
    ['höchstens|maximal', 'at most'],
    ['zeichen', 'characters'],
    ['in python|auf python', 'in Python'],
  ],
};

const spanish: Language = {
  id: 'es',
  signs:
    /(?<!\p{L})(?:para|con|una?|los|las|el|y|crea|crear|quiero|necesito|cada|tiene|de|en|herramienta|línea|comandos)(?!\p{L})/giu,
  words: [
    ['(?:crea|crear|construye|haz|desarrolla|escribe)(?:me)?', 'build'],
    ['(?:quiero|necesito)', 'I need'],
    ['con flask', 'with Flask'],
    ['(?:herramienta|programa|aplicación|utilidad) de línea de comandos', 'command line tool'],
    ['línea de comandos', 'command line'],
    ['(?:para )?(?:gestionar|gestiona|administrar|guardar|guarda)', 'manages'],
    ['para|sobre', 'for'],
    ['en (flask|node|python|typescript|javascript|go|golang|java|rust|react)', 'in $1'],
    ['con(?: los(?: siguientes)? campos)?', 'with'],
    ['tienen?|contienen?', 'has'],
    ['cada', 'each'],
    ['de(?: (?:los|las|el|la))?', 'of'],
    ['(?:una?|unos|unas)', 'a'],
    ['(?:el|la|los|las)', 'the'],
    ['y', 'and'],
    ['o', 'or'],
    ['campos', 'fields'],
    ['únic[oa]', 'unique'],
    ['obligatori[oa]|requerid[oa]', 'required'],
    ['opcional', 'optional'],
    ['entero', 'integer'],
    ['sí/no|booleano', 'boolean'],
    ['entre (\\d+) y (\\d+)', 'between $1 and $2'],
    ['como máximo|máximo', 'at most'],
    ['al menos|mínimo', 'at least'],
    ['caracteres', 'characters'],
  ],
};

const french: Language = {
  id: 'fr',
  signs:
    /(?<!\p{L})(?:pour|avec|une?|des?|les|le|la|et|du|en|créer?|crée|gérer|chaque|veux|ayant|outil|ligne)(?!\p{L})/giu,
  words: [
    ['(?:crée|créer|créez|construis|développe|fais)(?:-moi)?', 'build'],
    ['je (?:veux|voudrais)|il me faut', 'I need'],
    ['(?:pour |qui )?(?:gérer|gère|stocker|stocke)', 'manages'],
    ['(?:outil|programme|logiciel|utilitaire|application) en ligne de commandes?', 'command line tool'],
    ['(?:en )?ligne de commandes?', 'command line'],
    ['pour|sur', 'for'],
    ['en (flask|node|python|typescript|javascript|go|golang|java|rust|react)', 'in $1'],
    ['avec(?: les)?(?: champs(?: suivants)?)?|ayant', 'with'],
    ['a (?=une?\\b)|ont|contient|contiennent', 'has'],
    ['chaque', 'each'],
    ['une?', 'a'],
    ['(?:des|du|de la|de)', 'of'],
    ['(?:le|la|les)', 'the'],
    ['et', 'and'],
    ['ou', 'or'],
    ['champs', 'fields'],
    ['unique', 'unique'],
    ['obligatoire|requise?', 'required'],
    ['optionnelle?|facultati(?:f|ve)', 'optional'],
    ['entier', 'integer'],
    ['oui/non|booléen', 'boolean'],
    ['entre (\\d+) et (\\d+)', 'between $1 and $2'],
    ['au plus|maximum', 'at most'],
    ['au moins|minimum', 'at least'],
    ['caractères', 'characters'],
  ],
};

const languages: readonly Language[] = [german, spanish, french];
const english =
  /\b(?:the|with|and|for|that|has|have|is|are|each|should|shall|must|can|of|to|when|build|it|its|i|we)\b/gi;

/** The language of a text where it is surely one of those known besides English. */
export function languageOf(text: string): Language['id'] | null {
  return detect(text)?.id ?? null;
}

function detect(text: string): Language | null {
  const counts = languages.map((language) => [...text.matchAll(language.signs)].length);
  const most = Math.max(...counts);
  const isForeign = most >= 1 && most > [...text.matchAll(english)].length;
  return isForeign ? (languages[counts.indexOf(most)] ?? null) : null;
}

/** The same text with small words and rules in English; an English text comes back as it is. */
export function inEnglish(text: string): string {
  const language = detect(text);
  if (!language) return text;
  let said = text
    .replaceAll(/\b(flask|rest|node|http)-(api|backend|server|service)\b/gi, '$1 $2')
    .replaceAll(/\s+:/g, ':');
  for (const [pattern, word] of language.words)
    said = said.replaceAll(new RegExp(`(?<![\\p{L}\\d])(?:${pattern})(?![\\p{L}\\d])`, 'giu'), word);
  // 'manages of the livres': articles say nothing once the rest is English.
  return said.replaceAll(/\b(manages|for|of|with) (?:(?:of|the|a)\s+)+/g, '$1 ');
}

/** Kinds of field by their names in those languages, beside the English ones. */
export const foreignGuesses: readonly (readonly [
  RegExp,
  'boolean' | 'email' | 'date' | 'integer' | 'number' | 'text',
])[] = [
  [/^(?:bezahlt|aktiv|erledigt|fertig|verfuegbar|pagado|activo|disponible|paye|actif|termine)$/, 'boolean'],
  [/^(?:correo|correo electronico|courriel)$/, 'email'],
  [/(?:datum|geburtstag)$|^(?:fecha|date)\b/, 'date'],
  [/(?:jahr|anzahl|menge|seiten)$|^(?:ano|annee|cantidad|quantite|paginas|edad|age|alter|stock)$/, 'integer'],
  [
    /(?:preis|betrag|gewicht|hoehe|groesse|laenge|kosten)$|^(?:precio|importe|peso|altura|prix|montant|poids|hauteur)$/,
    'number',
  ],
  [/(?:beschreibung|bemerkung(?:en)?|notizen)$|^(?:descripcion|description|notas)$/, 'text'],
];
