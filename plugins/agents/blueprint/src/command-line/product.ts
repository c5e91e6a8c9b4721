import { pluralOf, singularOf } from '../model/words.ts';

const kind = String.raw`(?:tools?|apps?|applications?|programs?|utilit(?:y|ies)|scripts?|clients?|interfaces?)`;
const line = String.raw`command[- ]?line|terminal|console|shell|kommandozeilen?|ligne de commande|l[ií]nea de comandos`;
const language = String.raw`(?:python3?|node(?:js)?|typescript|javascript|rust)`;

/** A tool as people name one: 'command line tool', 'CLI', 'Python script'. */
const names = new RegExp(
  String.raw`\b(?:${line})(?:[- ](?:based|interface))?(?:[- ]?(?:${kind}|programm))?\b|\bcli(?:[- ]${kind})?\b|(?<=\b${language} )(?:scripts?|programs?|tools?|utilit(?:y|ies))(?= (?:to|that|which|for) (?:manag|track|keep|stor|list|catalog|record|organi))`,
  'gi',
);

export const toolPurpose = new RegExp(names.source, 'i');

const place = new RegExp(String.raw`\s*\b(?:for|in|on|from|at) (?:the|my|a|your) (?:${line})\b`, 'gi');
/** What every call has is no field: 'with a name, --json output and proper exit codes'. */
const ways =
  /(?:,? (?:and|with|plus)|,)+ (?:an? )?(?:--[a-z][\w-]*(?: (?:output|option|flag|mode))?|(?:[\p{L}-]+ )?(?:exit codes?|json output|error messages?|help texts?))(?= |[.,;]|$)/giu;
/** 'bookmark manager', with the name of a tool after it or not. */
const keeper =
  /\b(?:(?:an?|my|the) )?([\p{L}-]+) (?:managers?|trackers?|organi[sz]ers?|keepers?|catalogu?e?s?)\b(?: (?=API\b))?(?:API\b)?/giu;
const says =
  /^(?:an?|the|my|our|your|small|simple|little|tiny|personal|api|data|file|package|password|task|window|process|python|node|typescript|rust|good|nice|new|habit-tracker)$/i;

/** The same with every tool named 'API', which is the product that the rules for things know: 'API for bookmarks'. */
export function asApi(text: string): string {
  if (!toolPurpose.test(text)) return text;
  return text
    .replaceAll(ways, '')
    .replaceAll(place, '')
    .replaceAll(names, 'API')
    .replaceAll(keeper, (said, thing: string) =>
      says.test(thing) ? said : `API for ${pluralOf(singularOf(thing.toLowerCase()))}`,
    )
    .replaceAll(/\bAPI API\b/g, 'API')
    .replaceAll(/\bAPI ([\p{L}-]+) lists?\b(?= (?:with|having|that|where|of)\b|[:,(.]|$)/gu, (said, thing: string) =>
      says.test(thing) ? said : `API for ${pluralOf(singularOf(thing.toLowerCase()))}`,
    );
}
