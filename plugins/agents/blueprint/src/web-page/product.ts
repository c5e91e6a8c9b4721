import { pluralOf, singularOf } from '../model/words.ts';

const adjective = String.raw`(?:(?:an?|the|my|our|your|build|create|make|write|me|simple|small|little|tiny|plain|nice|static|single|responsive|accessible|modern|personal|new|one|html|web|landing|react|vite|typescript|javascript)[ -])`;
const qualified = String.raw`${adjective}+(?:html |web |landing |home |single )?(?:pages?|web ?sites?|sites?)`;

/** A page as people name one. 'Pages' and 'website' alone are usual names of fields. */
const names = new RegExp(
  String.raw`\b(?:(?:static |single |simple |plain )?(?:html|web) ?pages?|single[- ]page (?:apps?|applications?|web ?apps?)|spa|web[- ]?apps?|web applications?|browser apps?|front[- ]?ends?|(?:react|vite|html|javascript|typescript|browser)(?: (?:and|\+|with|plus) (?:vite|typescript|css|javascript))* (?:apps?|applications?|ui|pages?|sites?|web ?sites?|front[- ]?ends?|programs?|tools?)|(?:eine? )?(?:web-?seite|internetseite)|(?:une? )?(?:page|site) web|(?:una? )?(?:página|sitio) web|${qualified})\b`,
  'giu',
);

const word = String.raw`(?!(?:with|for|of|that|and|apis?|to|in|on|which|by|where|cli|tool)\b)[\p{L}-]+`;
/** A prompt that begins with its page, whatever that is called: 'A small todo page', 'Page for recipes', 'contact list page'. */
const beginningWith = (last: string): RegExp =>
  new RegExp(
    String.raw`^\s*(?:(?:please|(?:can|could) you|i(?: want|['’]d like| need| would like)|make|build|create|write|give|code|me|us) )*((?:an?|my|our|the) )?((?:${word} ){0,4}?)(?:${last})\b(?! (?:through|by|and size)\b)`,
    'iu',
  );
const beginning = beginningWith('pages?|web ?sites?');
/** 'A todo app' is one where the text asks for React. */
const beginningApp = beginningWith('pages?|web ?sites?|apps?|applications?');

export const pagePurpose = new RegExp(String.raw`${names.source}|\breact\b|${beginning.source}`, 'iu');

const made = String.raw`(?:react|vite|typescript|javascript|html5?|css3?|tailwind|bootstrap|jquery)`;
/** What it is made with is no thing and no field: 'with React and Vite', 'in plain HTML, CSS and JavaScript'. */
const madeWith = new RegExp(
  String.raw`,? ?\b(?:with|in|using|use|on|built with|made with|based on) (?:(?:only|just|plain|vanilla|pure|a (?:little|bit of|small)) )*${made}(?:(?:,| and|,? \+|,? plus|,? &)+ (?:(?:a (?:little|bit of|small)|plain|vanilla|some) )?(?:${made}|scripts?)(?: scripts?)?)*(?= |[.,;:]|$)|,? ?\b(?:with|and|plus) (?:a|some) (?:small|little|tiny|bit of|simple)? ?(?:java)?scripts?\b`,
  'gi',
);

/** The same with every page named 'API', which is the product that the rules for things know: 'API for bookmarks'. */
export function asApi(text: string): string {
  if (!pagePurpose.test(text)) return text;
  return text
    .replaceAll(madeWith, '')
    .replaceAll(
      /,? ?\b(?:with no|without(?: any| an?)?) (?:dependenc(?:y|ies)|frameworks?|librar(?:y|ies)|build(?: step)?|server)\b/gi,
      '',
    )

    .replace(beginningApp, (said, article: string | undefined, before: string) =>
      namedThing(said, article ?? '', before),
    )
    .replaceAll(names, (said) => `${/^(?:an?|the|my|our|your) /i.exec(said)?.[0] ?? ''}API`)
    .replaceAll(/\b(?:react|vite) (?=API\b)|\bAPI (?=API\b)/gi, '')
    .replaceAll(/\bAPI ([\p{L}-]+) lists?\b(?= (?:with|having|that|where|of)\b|[:,(.]|$)/gu, 'API for $1s');
}

/** 'a small todo page' is an API for todos; 'a static page' is one for what is said after it. */
function namedThing(said: string, article: string, before: string): string {
  const thing = before
    .trim()
    .split(/\s+/)
    .filter((name) => !plainWord.test(name));
  const last = thing.at(-1);
  if (last === undefined || thing.length > 2) return thing.length > 2 ? said : `${article}API`;
  return `${article}API for ${[...thing.slice(0, -1), pluralOf(singularOf(last.toLowerCase()))].join(' ')}`;
}

const plainWord =
  /^(?:an?|the|my|our|your|small|simple|little|tiny|plain|nice|static|single|responsive|accessible|modern|personal|new|one|html|web|landing|home|react|vite|typescript|javascript|vanilla|list|tracker|manager|app|single-page|good|basic|beautiful|clean|front-?end|demo)$/i;
