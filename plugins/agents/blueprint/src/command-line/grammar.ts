import type { Model } from '../model/model.ts';
import type { Grammar, Mention } from '../reading/grammar.ts';
import { generalRules, rule, thingRules } from '../reading/phrases.ts';
import { optionOf } from './naming.ts';

const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/));

/** Words for a tool and its surroundings. */
const plain = words(
  `tool tools cli command commands command-line commandline line terminal console shell script program utility executable binary
  subcommand subcommands option options flag flags argument arguments parameter parameters print prints printed printing output outputs stdout stdin stderr
  exit exits exited exiting call called text table tables human readable show shows verb verbs number numbers message
  tracker manager local locally offline machine kommandozeile kommandozeilenprogramm`,
);

/** What a tool that is called and ends has not: it answers nobody. */
const foreign = words(
  `api apis rest restful http endpoint endpoints route routes server service backend microservice web clients client request requests response responses header headers bearer`,
);

const exitCode = (code: number): string =>
  String.raw`(?:(?:exit|end)(?:s|ed|ing)?(?: with)? )?(?:an? )?(?:exit )?(?:code|status) ${code}`;

const toolRules = [
  rule(exitCode(0), 'E.create'),
  rule(exitCode(1), 'E.missing'),
  rule(exitCode(2), 'E.invalid'),
  rule(String.raw`(?:(?:as|in|with|output|print\w*)\s+)*json(?: (?:output|format|mode|flag|option))?`, 'E.list'),
  rule('help(?: (?:text|message|output|page|option|flag))?|usage(?: (?:text|message))?', 'help'),
  rule('versions?(?: (?:number|option|flag))?', 'version'),
  rule(
    String.raw`(?:non-?zero |proper |meaningful |correct |right |clear )?exit (?:codes?|status(?:es)?)(?: (?:of )?(?:non-?zero))?|non-?zero`,
    'usage',
  ),
  rule(
    String.raw`(?:helpful|clear|good|friendly|useful|readable) (?:error )?(?:messages?|errors?)|errors? handling|(?:unknown|wrong|invalid) (?:sub)?(?:commands?|options?|arguments?|flags?)`,
    'usage errors',
  ),
  rule(
    String.raw`(?:(?:in|to|as|with|using|from) )?(?:an? |the |its )?(?:local )?(?:data(?:base)?|storage) (?:file|folder|directory|location|path|place)|(?:in|to|on) (?:an? |the )?(?:local )?(?:file|disk)`,
    'settings persist',
  ),
  rule(String.raw`numbers?|ids?`, 'E.read'),
];

/** How people word what a command line tool does; `language` is the source of a pattern for names of what it is made with. */
export const toolGrammar = (language: string): Grammar => ({
  phrases: [...thingRules, ...generalRules, ...toolRules, rule(language, 'language')],
  mentions: readOptions,
  plain,
  foreign,
  product: 'cli|tool|app|application|program|script|utility|line',
});

/** Options and subcommands that a text writes out: '--json', 'tool add --title'. */
function readOptions(text: string, model: Model): Mention[] {
  return [...text.matchAll(/(?<![\w-])--([a-z][\w-]*)(?:[= ]<[^>\s]*>)?/g)].map((match) => {
    const end = match.index + match[0].length;
    return { at: match.index, end, keys: keysOf(match[1] ?? '', model) };
  });
}

const own: Readonly<Record<string, string>> = {
  help: 'help',
  version: 'version',
  data: 'settings',
};
const ofThings: Readonly<Record<string, string>> = { json: 'list', limit: 'page', offset: 'page' };

function keysOf(option: string, { entities }: Model): string[] {
  const [key, verb] = [own[option], ofThings[option]];
  if (key !== undefined) return [key];
  if (verb !== undefined) return entities.map(({ plural }) => `${plural}.${verb}`);
  if (option === 'sort' || option === 'reverse' || option === 'search') {
    const what = option === 'search' ? 'search' : 'sort';
    return entities.flatMap(({ plural, fields }) => {
      const [field] = fields.filter(({ type }) => what === 'sort' || type === 'string' || type === 'text');
      return field ? [`${plural}.${what}.${field.name}`] : ['?'];
    });
  }
  const found = entities.flatMap(({ plural, fields }) =>
    fields.filter((field) => optionOf(field) === option).map((field) => `${plural}.field.${field.name}`),
  );
  return found.length > 0 ? found : ['?'];
}
