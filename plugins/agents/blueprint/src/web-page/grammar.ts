import type { Grammar } from '../reading/grammar.ts';
import { generalRules, rule, thingRules } from '../reading/phrases.ts';

const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/));

/** Words for a page and what it is made of. */
const plain = words(
  `page pages site website web webpage app application browser browsers html css script scripts static single plain vanilla form forms button buttons press pressed
  field fields input inputs table row rows column columns list listed lists heading screen ui user interface people person visitor visitors type typed enter entered fill filled send sent submit submitted
  show shows shown display displays displayed see sees below above beside opened open opens again reload reloaded reloading client-side frontend front end front-end vite bundler component components hook hooks
  local locally offline works without message messages small single-page webseite internetseite`,
);

/** What a page without a server has not. */
const foreign = words(
  `api apis rest restful http endpoint endpoints route routes server servers service backend microservice request requests response responses header headers bearer database sqlite postgres postgresql sync login account accounts`,
);

const pageRules = [
  rule(
    String.raw`(?:(?:in|to|with|using) )?(?:the )?(?:browser'?s? )?local ?storage|(?:in|by) the browser|(?:after (?:a )?)?re-?load(?:s|ed|ing)?`,
    'persist',
  ),
  rule(
    String.raw`empty (?:state|list|page)s?|(?:when|where|if) (?:there (?:is|are) (?:nothing|none|no \w+)|(?:it|the list) is empty|nothing is (?:there|stored))`,
    'E.empty',
  ),
  rule(
    String.raw`accessib(?:le|ility)|a11y|wcag(?: 2(?:\.\d)?)?(?: a+)?|screen ?readers?|keyboard(?: (?:only|navigation|accessible|use))?|labels?|(?:with|by) (?:the )?keyboard`,
    'accessible',
  ),
  rule(
    String.raw`responsive(?: (?:layout|design))?|mobile(?:[- ](?:first|friendly))?|(?:on|for) (?:a )?(?:small screens?|phones?|mobiles?)|phones?|small screens?`,
    'responsive',
  ),
  rule(
    String.raw`dark(?: (?:mode|theme|and light|or light))*|light and dark(?: (?:mode|theme))?s?|colou?r scheme`,
    'dark',
  ),
  rule(
    String.raw`(?:error|empty)(?: and (?:error|empty))? (?:states?|messages?)|errors? handling|(?:helpful|clear|inline|friendly) (?:error )?(?:messages?|errors?)`,
    'errors E.invalid',
  ),
  rule(String.raw`form validation|client[- ]side validation|inline validation`, 'E.invalid'),
  rule(
    String.raw`(?:unit |component )?tests? (?:with|in|using) (?:vitest|testing[- ]library)|vitest|testing[- ]library`,
    'tests vitest',
  ),
];

/** How people word what a page does; `language` is the source of a pattern for names of what it is made with. */
export const pageGrammar = (language: string): Grammar => ({
  phrases: [...pageRules, ...thingRules, ...generalRules, rule(language, 'language')],
  mentions: () => [],
  plain,
  foreign,
  product: 'page|site|website|app|application|ui|frontend|form|spa',
});
