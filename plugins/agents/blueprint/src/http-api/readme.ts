import { textual, type Entity, type Field, type Model } from '../model/model.ts';
import { sampleBody } from '../model/samples.ts';

export interface ReadmeParts {
  /** What it is made with: 'A Flask application that keeps its data in SQLite.' */
  readonly madeWith: string;
  /** Markdown: how to start it, test it and run it in production. */
  readonly running: string;
  readonly settings: readonly (readonly [name: string, fallback: string, meaning: string])[];
}

/** README.md of a generated project: run it, call it, configure it. */
export function readme(model: Model, parts: ReadmeParts): string {
  const sections = [
    `# ${model.title}\n\n${keeps(model)} ${parts.madeWith}\n`,
    parts.running,
    settings(parts),
    `## API\n\nBodies and answers are JSON. ${errorsText(model)}\n\n- \`GET /health\`: \`{"status": "ok"}\` while the service works.\n`,
    ...(model.auth ? [authSection(model)] : []),
    ...model.entities.map((entity) => entitySection(entity, model)),
    '## License\n\nMIT, see [LICENSE](LICENSE).\n',
  ];
  return sections.join('\n');
}

function keeps({ entities, auth }: Model): string {
  const what = entities.map((entity) => entity.labels);
  const listed = what.length > 1 ? `${what.slice(0, -1).join(', ')} and ${what.at(-1)}` : (what[0] ?? 'accounts');
  return `An HTTP API for ${listed}${auth ? (what.length > 0 ? ', behind a login with JSON Web Tokens.' : ' that log in and get JSON Web Tokens.') : '.'}`;
}

function settings(parts: ReadmeParts): string {
  const rows = parts.settings.map(([name, fallback, meaning]) => [`\`${name}\``, fallback, meaning]);
  return `## Settings\n\nRead from the environment; \`.env.example\` lists them.\n\n${table([['Name', 'Default', 'Meaning'], ...rows])}`;
}

/** A Markdown table whose columns stand below each other. The first row is its head. */
function table(rows: readonly (readonly string[])[]): string {
  const [head = []] = rows;
  const widths = head.map((_, column) => Math.max(3, ...rows.map((row) => (row[column] ?? '').length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |\n`;
  const rule = widths.map((width) => '-'.repeat(width));
  return [head, rule, ...rows.slice(1)].map(line).join('');
}

function errorsText(model: Model): string {
  return `An error looks like \`{"error": {"code": "invalid_input", "message": "...", "fields": {"name": "is required"}}}\`;
input that is not valid is answered with ${model.invalidStatus}, what is not there with 404, a value that must be unique and is taken with 409.`;
}

function authSection({ auth, entities }: Model): string {
  if (!auth) return '';
  const body = JSON.stringify({
    [auth.login]: auth.login === 'email' ? 'ada@example.com' : 'ada',
    password: 'correct horse battery',
  });
  const covered =
    entities.length > 0
      ? `Every path of ${entities.map((entity) => `\`${entity.path}\``).join(', ')} needs that header and answers 401 without it.\n`
      : '';
  return `### Accounts

- \`POST ${auth.path}/register\` with \`${body}\`: 201. A password has 8 to 128 characters and is stored as a salted hash.
- \`POST ${auth.path}/login\` with the same: \`{"access_token": "...", "token_type": "Bearer", "expires_in": ${auth.tokenSeconds}}\`.
- \`GET ${auth.path}/me\` with \`Authorization: Bearer <access_token>\`: who is logged in.

${covered}`;
}

function entitySection(entity: Entity, model: Model): string {
  const { path, labels } = entity;
  const rows = entity.fields.map((field) => [`\`${field.key}\``, typeText(field), ruleText(field)]);
  return `### ${labels.slice(0, 1).toUpperCase()}${labels.slice(1)}

${table([['Field', 'Type', 'Rules'], ...rows])}
- \`GET ${path}\`: \`{"items": [...], "total": 2, "limit": 50, "offset": 0}\`. \`?limit=\` (at most 100) and \`?offset=\` page through it,
  \`?sort=${entity.fields[0]?.key}\` orders it (\`?sort=-${entity.fields[0]?.key}\` the other way), \`?${entity.fields[0]?.key}=...\` keeps what equals, \`?q=...\` what contains.
- \`POST ${path}\`: 201 with the new ${entity.label} and its \`Location\`.
- \`GET ${path}/<id>\`, \`PUT ${path}/<id>\` (whole), \`PATCH ${path}/<id>\` (parts): 200. \`DELETE ${path}/<id>\`: 204.

\`\`\`sh
curl -X POST localhost:${model.port}${path} \\
  -H 'Content-Type: application/json' \\${model.auth ? "\n  -H 'Authorization: Bearer <access_token>' \\" : ''}
  -d '${JSON.stringify(sampleBody(entity, 1)).replaceAll("'", String.raw`'\''`)}'
\`\`\`
`;
}

function typeText({ type, choices }: Field): string {
  switch (type) {
    case 'choice':
      return `one of ${choices.map((choice) => `\`${choice}\``).join(', ')}`;
    case 'list':
      return 'list of texts';
    case 'date':
      return 'date, `2026-01-31`';
    case 'datetime':
      return 'moment, `2026-01-31T12:00:00Z`';
    case 'email':
      return 'e-mail address';
    case 'url':
      return 'web address';
    case 'integer':
      return 'whole number';
    case 'string':
    case 'text':
      return 'text';
    case 'number':
    case 'boolean':
      return type;
  }
}

function ruleText(field: Field): string {
  const unit = textual.includes(field.type) ? ' characters' : '';
  const rules = [
    field.required ? 'required' : field.type === 'boolean' ? '`false` when left out' : 'optional',
    ...(field.unique ? ['unique'] : []),
    ...(field.min === null ? [] : [`${field.minOpen ? 'greater than' : 'at least'} ${field.min}${unit}`]),
    ...(field.max === null ? [] : [`at most ${field.max}${unit}`]),
  ];
  return rules.join(', ');
}
