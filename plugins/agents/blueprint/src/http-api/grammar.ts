import type { Grammar, PhraseRule } from '../reading/grammar.ts';
import { readRoutes } from './routes.ts';

const rule = (source: string, keys: string, fieldKeys?: string): PhraseRule => ({
  pattern: new RegExp(String.raw`(?<![\w/-])(?:${source})(?![\w-])`, 'gi'),
  keys: keys.split(' '),
  ...(fieldKeys === undefined ? {} : { fieldKeys: fieldKeys.split(' ') }),
});

const token = String.raw`(?:an?\s+|any\s+|the\s+|its\s+)?(?:(?:valid|correct|bearer|access|jwt|authorization|auth|authentication|json web|login)\s+)*(?:tokens?|jwts?|authentication|auth|authorization|login|log(?:ging)? in|credentials|header|being logged in)`;
const name = String.raw`(?:e-?mail(?: address(?:es)?)?|user[ -]?names?|accounts?|users?|logins?)`;
const bad = String.raw`(?:wrong|invalid|incorrect|bad|unknown|non-?existent|unregistered)`;

const credential = String.raw`(?:e-?mail(?: address(?:es)?)?|user[ -]?names?)`;
const authRules: readonly PhraseRule[] = [
  rule(
    String.raw`${credential}(?: ?(?:,|and|or|\/) ?)(?:an? |the |their )?passwords?|(?:with|using) (?:an? |their |the |right |his |her )*${credential}|passwords? (?:and|or) (?:an? |the |their )?${credential}`,
    'LOGIN',
  ),
  {
    ...rule(
      String.raw`(?:without|missing|no|lacks?|lacking|carr(?:y|ies) no|with no|needs? no) ${token}`,
      'auth.protected',
    ),
    refusing: true,
  },
  {
    ...rule(
      String.raw`un-?authenticated|un-?authori[sz]ed|anonymous(?:ly)?|not (?:logged in|authenticated|signed in)`,
      'auth.protected',
    ),
    refusing: true,
  },
  rule(
    String.raw`only (?:(?:for|to|by) )?(?:logged[- ]in|authenticated|registered|signed[- ]in)(?: (?:users?|clients?|people|accounts?))?`,
    'auth.protected',
  ),
  {
    ...rule(
      String.raw`(?:invalid|bad|wrong|tampered|forged|fake)(?: (?:jwt|access|bearer))? (?:tokens?|jwts?)`,
      'auth.protected',
    ),
    refusing: true,
  },
  rule(
    String.raw`(?:requir|need|demand)\w* ${token}|(?:protect|secur|guard)\w*(?: (?:everything|it|them|all of (?:it|them)))?(?: (?:by|with|behind|using|via))?(?: ${token})?|behind ${token}|(?:must|needs? to|has to|have to) be (?:logged[- ]in|authenticated|signed in)|(?:with|carr(?:y|ies|ying)) ${token}`,
    'auth.protected',
  ),
  rule('(?:(?:stored|saved|kept) (?:only )?(?:as )?)?(?:salted )?hash(?:ed|es|ing)?', 'auth.hashed'),
  rule(
    String.raw`(?:never|not) (?:be )?(?:stored|saved|kept) (?:in|as) (?:plain[- ]?text|clear[- ]?text|the clear)`,
    'auth.hashed',
  ),
  rule(
    String.raw`passwords? (?:(?:is|are|shall|must|should) )?(?:never|not) (?:be )?(?:returned|exposed|shown|included|revealed|sent back)|(?:never|not|without) (?:return\w*|expos\w*|show\w*|includ\w*|reveal\w*)? ?(?:the |its |their )?passwords?`,
    'auth.register',
  ),
  rule(
    String.raw`${bad} (?:${name}|passwords?|credentials)(?: (?:or|and) (?:an? )?(?:${bad} )?(?:${name}|passwords?))*|(?:passwords?|credentials|${name}) (?:is|are) ${bad}`,
    'auth.wrong',
  ),
  rule(
    String.raw`(?:duplicate|the same|same|an existing|taken|already (?:registered|used|taken)) ${name}|${name} (?:that )?(?:is |are )?(?:already )?(?:taken|registered already|already registered|in use|exists)|${name} (?:must be|shall be|is|are) unique|registered already|(?:register\w*|sign\w* up)[\w ]{0,30} twice`,
    'auth.duplicate',
  ),
  rule(
    String.raw`short passwords?|passwords? (?:(?:must|shall|should) )?(?:have|has|be|is|of|with|needs?|that is|has)? ?(?:at least|fewer than|less than|shorter than|minimum(?: of)?|one of fewer than) 8(?: characters?| chars?| long)*|one of fewer than 8 characters|without an? password|at least 8 characters`,
    'auth.password',
  ),
  rule(
    String.raw`regist(?:er|ers|ered|ering|rations?)|sign(?:s|ing)?[- ]?up|creat\w* (?:an? |new |their )*(?:user )?accounts?`,
    'auth.register',
  ),
  rule(String.raw`log(?:s|ged|ging)?[- ]?in|logins?|sign(?:s|ed|ing)?[- ]?in`, 'auth.login'),
  rule(
    String.raw`(?:jwt|token|json web token)(?:[- ]based)?[- ](?:user )?auth(?:entication|orization)?|auth(?:entication)? (?:with|via|using|by|through) (?:jwts?|(?:json web )?tokens?)|(?:user )?authentication|auth|authenticat(?:e|es)`,
    'auth.register auth.login auth.protected',
  ),
  rule(String.raw`jwts?|json web tokens?|(?:access |auth |bearer )?tokens?`, 'auth.login'),
  rule(String.raw`(?:own|current|their) (?:account|profile|user)|who (?:is|they are|i am)(?: logged in)?`, 'auth.me'),
];

const thingRules: readonly PhraseRule[] = [
  rule(
    String.raw`crud(?: operations| endpoints| routes| api| functionality)?|manag(?:e|es|ed|ing)|create,? read,? update,? (?:and )?delete`,
    'E.create E.list E.read E.update E.delete',
  ),
  rule(
    String.raw`creat(?:e|es|ed|ing|ion)|add(?:s|ed|ing)?|insert\w*|post(?:s|ed|ing)?|stor(?:e|es|ed|ing)`,
    'E.create',
  ),
  rule(
    String.raw`list(?:s|ed|ing)?|brows(?:e|es|ing)|(?:get|retriev|fetch|view|read|see|show)\w* (?:all|every|the list of|a list of)`,
    'E.list',
  ),
  rule(
    String.raw`read(?:s|ing)?|retriev(?:e|es|ed|ing|al)|fetch(?:es|ed|ing)?|view(?:s|ed|ing)?|look(?:s|ing)? up`,
    'E.read',
  ),
  { ...rule(String.raw`get(?:s|ting)?|shows?|sees?|asks? for`, 'E.read'), ofThing: true },
  rule(String.raw`updat(?:e|es|ed|ing)|edit(?:s|ed|ing)?|modif(?:y|ies|ied|ying)|chang(?:e|es|ed|ing)`, 'E.update'),
  rule(String.raw`replac(?:e|es|ed|ing)`, 'E.replace'),
  { ...rule('puts?', 'E.replace'), ofThing: true },
  rule(String.raw`patch(?:es|ed|ing)?`, 'E.change'),
  rule(String.raw`(?:a )?(?:later|subsequent|following|second) (?:get|read|request)|afterwards`, 'E.delete'),
  rule(String.raw`delet(?:e|es|ed|ing|ion)|remov(?:e|es|ed|ing|al)`, 'E.delete'),
  rule(
    String.raw`(?:does not|doesn't|do not|don't) exist|not (?:be )?found|non-?exist(?:ent|ing)|unknown ids?|unknown`,
    'E.missing',
  ),
  rule(
    String.raw`(?:malformed|invalid|broken)(?: request)? (?:json|bod(?:y|ies))|(?:body|json) (?:that )?is (?:not valid|no|not) (?:json|valid)(?: object)?`,
    'E.malformed',
  ),
  rule(
    String.raw`(?:invalid|malformed|incorrect|bad|wrong|not valid)(?: (?:input|inputs|data|payloads?|fields?|values?|requests?|types?|kind))*|validat(?:e|es|ed|ing|ion)(?: (?:of|the|all|input|inputs|data|errors?|rules?|fields?|failures?|fails?))*|(?:required|mandatory) fields?(?: (?:are|is) (?:missing|left out))?|missing (?:required )?fields?|store nothing`,
    'E.invalid',
    'E.type.F',
  ),
  rule('unknown fields?', 'E.unknown-field'),
  rule(
    String.raw`paginat(?:e|es|ed|ing|ion)|pag(?:e|es|ing)(?: (?:by page|at a time|through))?|limit(?: ?(?:and|\/|,|&) ?offset)?|offset`,
    'E.page',
  ),
  rule(
    String.raw`sort(?:s|ed|ing|able)?(?: by| order)?|order(?:ed|ing) by|order by|in order of(?: their)?|ascending(?: order)?|descending(?: order)?`,
    'E.sort.*',
    'E.sort.F',
  ),
  rule(String.raw`filter(?:s|ed|ing|able)?(?: by| on)?`, 'E.filter.*', 'E.filter.F'),
  rule(String.raw`search(?:es|ed|ing|able)?(?: by| for| in)?`, 'E.search.*', 'E.search.F'),
];

const generalRules: readonly PhraseRule[] = [
  rule(
    String.raw`persist\w*|surviv\w*|(?:after (?:a |the )?)?restart(?:s|ed|ing)?|durabl[ey]|still (?:have|has|there|available)|permanent(?:ly)?`,
    'persist',
  ),
  rule('sqlite3?(?: database| file)?', 'sqlite persist'),
  rule(
    String.raw`(?:unknown|non-?existent|undefined|unmatched) (?:routes?|paths?|urls?|endpoints?)|(?:routes?|paths?|urls?|endpoints?) that (?:does|do) not exist|(?:wrong|unsupported|not allowed) methods?|method not allowed`,
    'errors',
  ),
  rule(
    String.raw`errors? (?:messages? |responses? |answers? )?(?:(?:are|is|be|shall be|must be|should be|come|comes) )?(?:returned |answered |given |sent )?(?:as|in) (?:consistent |structured )?json|(?:structured|consistent|uniform|json) (?:json )?errors?(?: responses?| messages?| format)?|404 json|json 404`,
    'errors',
  ),
  rule(String.raw`health(?:[- ]?checks?| endpoint| route| status| probe)?|liveness(?: probe)?|ok`, 'health'),
  rule(String.raw`readme(?:\.md)?(?: file)?`, 'readme'),
  rule(String.raw`(?:mit[- ])?licen[cs]e[d]?(?: file)?|mit`, 'licence'),
  rule(String.raw`\.?gitignore(?: file)?`, 'ignore'),
  rule(
    String.raw`(?:(?:unit|automated|integration|own|delivered) )*tests?(?: suite| cases?| files?)?|pytest(?: tests?| suite)?|node:test`,
    'tests',
  ),
  rule(
    String.raw`environment(?: variables?)?|env vars?|\.env(?:\.example)?(?: file)?|configur(?:e|ed|able|ation)|settings?|configured by environment`,
    'settings',
  ),
  rule(
    String.raw`graceful(?:ly)?(?: shut(?:s|ting)?[- ]?downs?| stop(?:s|ping)?)?|sigterm|shut(?:s|ting)?[- ]?down`,
    'shutdown',
  ),
  rule(String.raw`(?:app(?:lication)? )?factory(?: pattern)?|(?:flask )?blueprints?`, 'factory'),
  rule(String.raw`wsgi(?: entry ?point| server)?`, 'wsgi'),
];

/** How people word what an HTTP API does; `language` is the source of a pattern for names of what it is made with. */
export const httpGrammar = (language: string): Grammar => ({
  phrases: [...authRules, ...thingRules, ...generalRules, rule(language, 'language')],
  mentions: readRoutes,
});
