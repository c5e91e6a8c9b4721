import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Factory } from './factory.ts';

const copy = new URL('../../docs/openapi.json', import.meta.url);
let factory: Factory;
beforeAll(async () => {
  factory = await Factory.start();
});
afterAll(() => factory.end());

test('the copy in docs is the document that the server serves (UPDATE=1 writes it anew, oxfmt lays it out)', async () => {
  const served = (await factory.ask('/api/openapi.json')).json;
  if (process.env['UPDATE'] === '1') await writeFile(copy, JSON.stringify(served, null, 2));
  expect(JSON.parse(await readFile(copy, 'utf8'))).toEqual(served);
});

test('the document names every route of the API', async () => {
  const document = (await factory.ask('/api/openapi.json')).json as { paths: Record<string, Record<string, object>> };
  const described = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const served = factory.server.routes
    .filter(({ url }) => !url.includes('*') && url !== '/api' && url !== '/api/openapi.json')
    .map(({ method, url }) => `${method} ${url.replaceAll(/:(\w+)/g, '{$1}')}`);
  expect(described.toSorted()).toEqual(served.toSorted());
});
