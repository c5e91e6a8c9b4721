import type { Entity, Field, Model } from '../model/model.ts';
import { wordsOf } from '../model/words.ts';
import { nameSource } from '../understand/statements.ts';

/** What a prompt calls the product and its world: 'for a zoo', 'a todo API', 'named Moonbase'. They ask for nothing. */
export function themes(model: Model, product = 'api|service|backend|server'): RegExp[] {
  const wish = String.raw`(?![\w ]*\b(?:dashboard|graphql|socket|gateway|front|client|page|bot|queue|payment|webhook|upload|download|export|report|chart|chat|time|stream|mail|sms|admin|oauth|rate|search|docker|cloud|cache|log|metric|deploy))`;
  const names = wordsOf(model.title)
    .map((word) => word.replaceAll(/[^a-z0-9]/g, ''))
    .filter((word) => word !== '');
  return [
    new RegExp(
      String.raw`\b(?:for|of|in|about|around|manag(?:e|es|ing)|run(?:s|ning)?)\s+(?:an?|my|our|the|your)\s+${wish}[a-z-]+(?:\s+[a-z-]+)?(?=\s*(?:[.:,;]|$|\bwhere\b|\bwith\b|\bthat\b|\bwhich\b|\bwhose\b))`,
      'g',
    ),
    new RegExp(
      String.raw`(?:^|\b(?:an?|the|my|our|simple|small|little|tiny)\s+)${wish}[a-z-]+\s+(?:(?:rest|http|crud|flask|node|go|golang|java|command[- ]line|terminal|python)\s+)*(?:${product})\b`,
      'g',
    ),
    new RegExp(String.raw`["']${names.join(String.raw`[\s_-]+`)}["']`, 'g'),
    new RegExp(String.raw`\b(?:named|called|name is)\s+["']?${names.join(String.raw`[\s_-]+`)}\b`, 'g'),
  ];
}

export function thingPattern(entity: Entity): RegExp {
  const names = [entity.plural, entity.singular].map((name) => nameSource(name.replace(/^the_/, '').split('_')));
  return new RegExp(String.raw`(?<![\w/-])(?:${names.join('|')})(?:'s?)?(?![\w])`, 'gi');
}

/** 'A claim' where there are insurance claims and nothing else that could be meant. */
export function shortPattern({ singular, plural }: Entity, { entities }: Model): RegExp {
  const last = (name: string): string => name.split('_').at(-1) ?? '';
  const isClear =
    singular.includes('_') &&
    entities.filter((entity) => last(entity.singular) === last(singular)).length === 1 &&
    entities.every((entity) => entity.fields.every((field) => field.label !== last(singular)));
  return isClear
    ? new RegExp(String.raw`(?<![\w/-])(?:${last(plural)}|${last(singular)})(?:'s?)?(?![\w])`, 'gi')
    : /(?!)/g;
}

export function fieldPattern(field: Field): RegExp {
  const names = [
    nameSource(wordsOf(field.label)),
    nameSource(wordsOf(field.key)),
    `${nameSource(wordsOf(field.label))}s`,
  ];
  return new RegExp(String.raw`(?<![\w/-])(?:${[...new Set(names)].join('|')})(?![\w-])`, 'gi');
}
