import type { Model } from '../model/model.ts';
import type { Mention } from '../reading/grammar.ts';
import { plainPath } from '../understand/features.ts';

const methods = String.raw`(?:get|post|put|patch|delete|head|options)`;
const mention = new RegExp(
  String.raw`(?:(${methods}(?:\s*(?:,|\/|and|or)\s*${methods})*)\s+(?:requests? )?(?:to |on |at )?(?:the )?)?((?<![\w/:.<])\/[a-z0-9_~<>{}:./-]*[a-z0-9_~<>{}-])(\?[\w=&<>{}.,-]+)?`,
  'gi',
);

/** Routes that a text names, with what they do: 'POST /books' is books.create. */
export function readRoutes(text: string, model: Model): Mention[] {
  return [...text.matchAll(mention)].map((match) => {
    const [whole, named = '', path = '', query = ''] = match;
    const verbs =
      named === '' ? [null] : [...named.matchAll(new RegExp(methods, 'gi'))].map(([verb]) => verb.toUpperCase());
    // 'GET/POST/PUT/DELETE /songs' means the single ones below it for PUT and DELETE.
    const keys = verbs.flatMap((verb) =>
      routeKeys(
        model,
        verb,
        `${plainPath(path)}${verbs.length > 1 && verb && !collection[verb] ? '/<id>' : ''}`.replace(
          '/<id>/<id>',
          '/<id>',
        ),
      ),
    );
    return {
      at: match.index,
      end: match.index + whole.length,
      keys: [...keys, ...queryKeys(model, plainPath(path), query)],
    };
  });
}

const collection: Readonly<Record<string, string>> = { GET: 'list', POST: 'create' };
const single: Readonly<Record<string, string>> = { GET: 'read', PUT: 'replace', PATCH: 'change', DELETE: 'delete' };

function routeKeys(model: Model, verb: string | null, path: string): string[] {
  if (path === '/health') return verb === null || verb === 'GET' ? ['health'] : ['?'];
  const { auth } = model;
  for (const [name, method] of [
    ['register', 'POST'],
    ['login', 'POST'],
    ['me', 'GET'],
  ] as const) {
    if (auth && path === `${auth.path}/${name}`) return verb === null || verb === method ? [`auth.${name}`] : ['?'];
  }
  const entity = model.entities.find((item) => path === item.path || path === `${item.path}/<id>`);
  if (!entity) return ['?'];
  const table = path === entity.path ? collection : single;
  // A path without a method says where, not what: any behaviour of the thing shows that it is there.
  if (verb === null) return [`${entity.plural}.${path === entity.path ? 'list' : 'read'}`];
  return [`${entity.plural}.${table[verb] ?? '?'}`];
}

function queryKeys(model: Model, path: string, query: string): string[] {
  const entity = model.entities.find((item) => item.path === path);
  return query
    .slice(1)
    .split('&')
    .filter((part) => part !== '')
    .map((part) => {
      const [name = '', value = ''] = part.split('=');
      if (!entity) return '?';
      if (name === 'limit' || name === 'offset') return `${entity.plural}.page`;
      const field = entity.fields.find(
        (item) => item.key.toLowerCase() === (name === 'sort' ? value.replace(/^-/, '') : name),
      );
      return field ? `${entity.plural}.${name === 'sort' ? 'sort' : 'filter'}.${field.name}` : '?';
    });
}
