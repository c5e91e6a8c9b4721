import { filterable } from '../../model/filterable.ts';
import { textual, type Entity, type Field, type Model } from '../../model/model.ts';
import { invalidSamples, sampleBody, type Json } from '../../model/samples.ts';
import { withArticle } from '../../model/words.ts';
import { keyText, literal } from './resource-files.ts';

/** test/<entities>.test.ts: what a client notices, through the real application. */
export function entityTests(entity: Entity, model: Model): string {
  return [
    head(entity, model),
    createAndRead(entity),
    lists(entity, model),
    changes(entity),
    refusals(entity, model),
    ...entity.fields.filter((field) => field.unique).map((field) => uniqueness(entity, field)),
    persistence(entity, model),
    ...(model.auth ? [protection(entity)] : []),
  ].join('\n');
}

const head = (entity: Entity, model: Model): string => `import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { ${['errorCode', 'startApp', 'wrongFields', 'type Client', 'type Json', ...(model.auth ? ['logIn'] : [])].toSorted((a, b) => (a.replace('type ', '') < b.replace('type ', '') ? -1 : 1)).join(', ')} } from './support.ts';

const first = ${tsLiteral(sampleBody(entity, 1))};
const second = ${tsLiteral(sampleBody(entity, 2))};

async function start(t: TestContext): Promise<Client> {
  const client = await startApp(t);
${model.auth ? '  await logIn(client);\n' : ''}  return client;
}

async function create(client: Client, body: object = first): Promise<Json> {
  const { json } = await client.send('POST', '${entity.path}', body);
  return json;
}
`;

const createAndRead = ({
  path,
  label,
}: Entity): string => `test('${withArticle(label)} is stored and answered with its id', async (t) => {
  const client = await start(t);
  const answer = await client.send('POST', '${path}', first);
  assert.equal(answer.status, 201);
  assert.deepEqual(answer.json, { id: 1, ...first });
  const again = await client.send('GET', answer.headers.get('Location') ?? '');
  assert.equal(again.status, 200);
  assert.deepEqual(again.json, answer.json);
});

test('${withArticle(label)} that does not exist is not found', async (t) => {
  const client = await start(t);
  for (const id of ['987654321', '9'.repeat(30), 'one']) {
    const answer = await client.send('GET', \`${path}/\${id}\`);
    assert.equal(answer.status, 404);
    assert.equal(errorCode(answer), 'not_found');
  }
  assert.equal((await client.send('PUT', '${path}/987654321', second)).status, 404);
  assert.equal((await client.send('PATCH', '${path}/987654321', {})).status, 404);
  assert.equal((await client.send('DELETE', '${path}/987654321')).status, 404);
});
`;

function lists({ path, labels, fields }: Entity, model: Model): string {
  const filter = filterable(fields);
  const searched = fields.find((field) => textual.includes(field.type) && filterable([field]));
  const value = (field: Field): string =>
    field.type === 'string' || textual.includes(field.type)
      ? `encodeURIComponent(first${member(field.key)})`
      : `String(first${member(field.key)})`;
  return `test('${labels} are listed in pages', async (t) => {
  const client = await start(t);
  await create(client);
  const last = await create(client, second);
  const answer = await client.send('GET', '${path}?limit=1&offset=1');
  assert.equal(answer.status, 200);
  assert.deepEqual(answer.json, { items: [last], total: 2, limit: 1, offset: 1 });
});
${
  filter
    ? `
test('${labels} are listed in order', async (t) => {
  const client = await start(t);
  await create(client);
  await create(client, second);
  const upwards = (await client.send('GET', '${path}?sort=${filter.key}')).json['items'] as Json[];
  const downwards = (await client.send('GET', '${path}?sort=-${filter.key}')).json['items'] as Json[];
  assert.equal(upwards.length, 2);
  assert.deepEqual(downwards, upwards.toReversed());
});

test('${labels} are listed by field', async (t) => {
  const client = await start(t);
  const wanted = await create(client);
  await create(client, second);
  const answer = await client.send('GET', \`${path}?${filter.key}=\${${value(filter)}}\`);
  assert.deepEqual(answer.json['items'], [wanted]);
});
`
    : ''
}${
    searched
      ? `
test('${labels} are found by a part of their text', async (t) => {
  const client = await start(t);
  const wanted = await create(client);
  await create(client, second);
  const answer = await client.send('GET', \`${path}?q=\${encodeURIComponent(first${member(searched.key)}.toUpperCase())}\`);
  assert.deepEqual(answer.json['items'], [wanted]);
});
`
      : ''
  }
test('an unknown query for ${labels} is refused', async (t) => {
  const client = await start(t);
  for (const query of ['limit=many', 'offset=-1', 'sort=nothing', 'nothing=1']) {
    assert.equal((await client.send('GET', \`${path}?\${query}\`)).status, ${model.invalidStatus}, query);
  }
});
`;
}

const changes = ({ path, label, fields }: Entity): string => {
  const key = fields[0]?.key ?? '';
  return `test('${withArticle(label)} is replaced', async (t) => {
  const client = await start(t);
  const { id } = await create(client);
  const answer = await client.send('PUT', \`${path}/\${String(id)}\`, second);
  assert.equal(answer.status, 200);
  assert.deepEqual(answer.json, { id, ...second });
  assert.deepEqual((await client.send('GET', \`${path}/\${String(id)}\`)).json, answer.json);
});

test('a change of ${withArticle(label)} keeps what is not named', async (t) => {
  const client = await start(t);
  const created = await create(client);
  const change = { ${keyText(key)}: second${member(key)} };
  const answer = await client.send('PATCH', \`${path}/\${String(created['id'])}\`, change);
  assert.equal(answer.status, 200);
  assert.deepEqual(answer.json, { ...created, ...change });
});

test('${withArticle(label)} is deleted', async (t) => {
  const client = await start(t);
  const { id } = await create(client);
  assert.equal((await client.send('DELETE', \`${path}/\${String(id)}\`)).status, 204);
  assert.equal((await client.send('GET', \`${path}/\${String(id)}\`)).status, 404);
});
`;
};

function refusals({ path, label, fields }: Entity, model: Model): string {
  const cases = fields.flatMap((field) =>
    invalidSamples(field).map(({ value }) => `[${literal(field.key)}, ${compact(value)}]`),
  );
  const required = fields.filter((field) => field.required);
  return `test('an invalid ${label} is refused by the name of the field', async (t) => {
  const client = await start(t);
  const cases: [name: string, value: unknown][] = [
${cases.map((item) => `    ${item},\n`).join('')}  ];
  for (const [name, value] of cases) {
    const answer = await client.send('POST', '${path}', { ...first, [name]: value });
    assert.equal(answer.status, ${model.invalidStatus}, name);
    assert.deepEqual(Object.keys(wrongFields(answer)), [name]);
  }
});
${
  required.length > 0
    ? `
test('${withArticle(label)} needs its required fields', async (t) => {
  const client = await start(t);
  for (const name of [${required.map((field) => literal(field.key)).join(', ')}]) {
    const answer = await client.send('POST', '${path}', { ...first, [name]: undefined });
    assert.equal(answer.status, ${model.invalidStatus}, name);
    assert.deepEqual(wrongFields(answer), { [name]: 'is required' });
  }
});
`
    : ''
}
test('${withArticle(label)} with an unknown field is refused', async (t) => {
  const client = await start(t);
  const answer = await client.send('POST', '${path}', { ...first, noSuchField: 1 });
  assert.equal(answer.status, ${model.invalidStatus});
  assert.deepEqual(wrongFields(answer), { noSuchField: 'is unknown' });
});

test('${withArticle(label)} must be a JSON object', async (t) => {
  const client = await start(t);
  for (const body of ['{', '[]', '"text"', '']) {
    assert.equal((await client.send('POST', '${path}', body)).status, 400, body);
  }
});
`;
}

const uniqueness = (
  { path, label }: Entity,
  field: Field,
): string => `test('the ${field.label} of ${withArticle(label)} is unique', async (t) => {
  const client = await start(t);
  await create(client);
  const answer = await client.send('POST', '${path}', { ...second, ${keyText(field.key)}: first${member(field.key)} });
  assert.equal(answer.status, 409);
  assert.deepEqual(wrongFields(answer), { ${keyText(field.key)}: 'must be unique' });
});
`;

const persistence = (
  { path, labels }: Entity,
  model: Model,
): string => `test('${labels} survive a restart', async (t) => {
  const client = await start(t);
  const created = await create(client);
  const again = await startApp(t, client.config);
${model.auth ? '  Object.assign(again.headers, client.headers);\n' : ''}  assert.deepEqual((await again.send('GET', \`${path}/\${String(created['id'])}\`)).json, created);
});
`;

const protection = ({ path, labels }: Entity): string => `test('${labels} need a token', async (t) => {
  const client = await startApp(t);
  assert.equal((await client.send('GET', '${path}')).status, 401);
  assert.equal((await client.send('POST', '${path}', first)).status, 401);
  for (const method of ['GET', 'PUT', 'PATCH', 'DELETE']) {
    assert.equal((await client.send(method, '${path}/1')).status, 401, method);
  }
});
`;

const member = (key: string): string => (/^[a-zA-Z_]\w*$/.test(key) ? `.${key}` : `[${literal(key)}]`);

/** Long runs of one letter read better as an expression. */
function compact(value: Json): string {
  return typeof value === 'string' && /^x{30,}$/.test(value) ? `'x'.repeat(${value.length})` : tsLiteral(value);
}

function tsLiteral(value: Json, indent = ''): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'number') return String(value);
  if (typeof value === 'string') return literal(value);
  const inner = `${indent}  `;
  if (Array.isArray(value)) return `[${value.map((item: Json) => tsLiteral(item, inner)).join(', ')}]`;
  const members = Object.entries(value).map(([key, item]) => `${keyText(key)}: ${tsLiteral(item, inner)}`);
  const line = `{ ${members.join(', ')} }`;
  return line.length + indent.length <= 90
    ? line
    : `{\n${members.map((text) => `${inner}${text},\n`).join('')}${indent}}`;
}
