import type { PhraseRule } from './grammar.ts';

/** A phrase, as the source of a pattern, with the keys that it stands for, separated by spaces. */
export const rule = (source: string, keys: string, fieldKeys?: string): PhraseRule => ({
  pattern: new RegExp(String.raw`(?<![\w/-])(?:${source})(?![\w-])`, 'gi'),
  keys: keys.split(' '),
  ...(fieldKeys === undefined ? {} : { fieldKeys: fieldKeys.split(' ') }),
});

/** What is done with things, whatever the project is. */
export const thingRules: readonly PhraseRule[] = [
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

/** What projects have in common: data that stays, papers, settings, tests. A blueprint that lacks one leaves its words over. */
export const generalRules: readonly PhraseRule[] = [
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
