import type { Operation, Schema } from './operation.ts';

/** All of GitHub's API that the exporter and what listens for it may ask. */
const asked = [
  'GET /app',
  'GET /repos/{owner}/{repo}/installation',
  'POST /app/installations/{installation_id}/access_tokens',
  'GET /user',
  'POST /user/repos',
  'POST /orgs/{org}/repos',
  'GET /repos/{owner}/{repo}',
  'POST /repos/{owner}/{repo}/forks',
  'GET /repos/{owner}/{repo}/collaborators/{username}/permission',
  'GET /repos/{owner}/{repo}/compare/{basehead}',
  'GET /repos/{owner}/{repo}/pulls',
  'POST /repos/{owner}/{repo}/pulls',
  'GET /repos/{owner}/{repo}/pulls/{pull_number}',
  'PATCH /repos/{owner}/{repo}/pulls/{pull_number}',
  'GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews',
  'GET /repos/{owner}/{repo}/pulls/{pull_number}/comments',
  'GET /repos/{owner}/{repo}/issues',
  'GET /repos/{owner}/{repo}/issues/comments',
  'GET /repos/{owner}/{repo}/issues/{issue_number}',
  'GET /repos/{owner}/{repo}/issues/{issue_number}/comments',
  'POST /repos/{owner}/{repo}/issues/{issue_number}/comments',
  'GET /repos/{owner}/{repo}/issues/{issue_number}/events',
  'POST /repos/{owner}/{repo}/issues/{issue_number}/labels',
  'POST /repos/{owner}/{repo}/statuses/{sha}',
  'GET /repos/{owner}/{repo}/commits/{ref}/status',
  'GET /repos/{owner}/{repo}/commits/{ref}/check-runs',
  'POST /repos/{owner}/{repo}/check-runs',
  'PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}',
  'GET /repos/{owner}/{repo}/check-runs/{check_run_id}/annotations',
];

type Json = Readonly<Record<string, unknown>>;

/** These operations' queries and bodies out of GitHub's description, without prose, references followed. Throws for one that is not in it. */
export function excerptOf(description: Json): Readonly<Record<string, Operation>> {
  return Object.fromEntries(asked.map((name) => [name, operationOf(description, name)]));
}

function operationOf(description: Json, name: string): Operation {
  const [method = '', path = ''] = name.split(' ');
  const item = at(description, ['paths', path]);
  const operation = at(item, [method.toLowerCase()]);
  const parameters = [...list(item['parameters']), ...list(operation['parameters'])].map((one) =>
    follow(description, one),
  );
  const query = parameters.filter((one) => one['in'] === 'query');
  const body = operation['requestBody'];
  const shape = body === undefined ? null : at(follow(description, body), ['content', 'application/json', 'schema']);
  return {
    query: Object.fromEntries(query.map((one) => [String(one['name']), bare(description, one['schema'])])),
    body: shape === null ? null : bare(description, shape),
  };
}

const kept = ['type', 'nullable', 'enum', 'required', 'maxLength', 'minItems', 'maxItems'];

function bare(description: Json, given: unknown): Schema {
  const schema = follow(description, given);
  const out: Record<string, unknown> = Object.fromEntries(
    kept.filter((key) => key in schema).map((key) => [key, schema[key]]),
  );
  const properties = schema['properties'];
  if (properties !== undefined)
    out['properties'] = Object.fromEntries(
      Object.entries(object(properties)).map(([key, value]) => [key, bare(description, value)]),
    );
  if (schema['items'] !== undefined) out['items'] = bare(description, schema['items']);
  for (const key of ['anyOf', 'oneOf'])
    if (schema[key] !== undefined) out[key] = list(schema[key]).map((branch) => bare(description, branch));
  const others = schema['additionalProperties'];
  if (others !== undefined)
    out['additionalProperties'] = typeof others === 'boolean' ? others : bare(description, others);
  return out;
}

function follow(description: Json, given: unknown): Json {
  const reference = object(given)['$ref'];
  return typeof reference === 'string' ? at(description, reference.slice('#/'.length).split('/')) : object(given);
}

function at(from: Json, path: readonly string[]): Json {
  let here: Json = from;
  for (const part of path) {
    const next = here[part];
    if (next === undefined) throw new Error(`GitHub's description has no ${path.join(' ')}`);
    here = object(next);
  }
  return here;
}

function object(value: unknown): Json {
  if (typeof value !== 'object' || value === null) throw new Error('no object');
  return value as Json;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
