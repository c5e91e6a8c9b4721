import type { Grammar, PhraseRule } from '../reading/grammar.ts';
import { generalRules, rule, thingRules } from '../reading/phrases.ts';
import { readRoutes } from './routes.ts';

const token = String.raw`(?:an?\s+|any\s+|the\s+|its\s+)?(?:(?:valid|correct|bearer|access|jwt|authorization|auth|authentication|json web|login)\s+)*(?:tokens?|jwts?|authentication|auth|authorization|login|log(?:ging)? in|credentials|header|being logged in)`;
const name = String.raw`(?:e-?mail(?: address(?:es)?)?|user[ -]?names?|accounts?|users?|logins?)`;
const bad = String.raw`(?:wrong|invalid|incorrect|bad|unknown|non-?existent|unregistered)`;

const credential = String.raw`(?:e-?mail(?: address(?:es)?)?|user[ -]?names?)`;
const authRules: readonly PhraseRule[] = [
  rule(
    String.raw`${credential}(?: ?(?:,|and|or|\/) ?)(?:an? |the |their )?passwords?|(?:with|using|by|via) (?:an? |their |the |right |his |her )*${credential}|passwords? (?:and|or) (?:an? |the |their )?${credential}`,
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

/** How people word what an HTTP API does; `language` is the source of a pattern for names of what it is made with. */
export const httpGrammar = (language: string): Grammar => ({
  phrases: [...authRules, ...thingRules, ...generalRules, rule(language, 'language')],
  mentions: readRoutes,
});
