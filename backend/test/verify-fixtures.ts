import type { CheckSpec } from '@devfactory/contracts';

/** A small shop with Python's standard library alone: it keeps its items in a file. */
export const pythonShop = {
  'requirements.txt': '# nothing but the standard library\n',
  'shop/__init__.py': '',
  'shop/price.py': 'def total(prices):\n    return sum(prices)\n',
  'app.py': `import json, os
from http.server import BaseHTTPRequestHandler, HTTPServer

STORE = "items.json"

def items():
    if not os.path.exists(STORE):
        return []
    with open(STORE) as file:
        return json.load(file)

class Shop(BaseHTTPRequestHandler):
    def answer(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        if self.path == "/items":
            return self.answer(200, items())
        found = [item for item in items() if self.path == f"/items/{item['id']}"]
        return self.answer(200, found[0]) if found else self.answer(404, {"error": "not found"})

    def do_POST(self):
        if self.headers.get("Authorization") != "Bearer " + os.environ.get("SHOP_KEY", "none"):
            return self.answer(401, {"error": "who are you"})
        given = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        before = items()
        item = {"id": len(before) + 1, **given}
        with open(STORE, "w") as file:
            json.dump([*before, item], file)
        return self.answer(201, item)

    def log_message(self, *words):
        pass

if __name__ == "__main__":
    HTTPServer((os.environ["HOST"], int(os.environ["PORT"])), Shop).serve_forever()
`,
};

/** The same in TypeScript without any package. */
export const nodeShop = {
  'package.json': JSON.stringify({ name: 'shop', type: 'module', scripts: { start: 'node src/server.ts' } }),
  'src/price.ts': 'export const total = (prices: number[]): number => prices.reduce((sum, price) => sum + price, 0);\n',
  'src/server.ts': `import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';

type Item = { id: number; name: string };
const store = 'items.json';
const items = (): Item[] => (existsSync(store) ? JSON.parse(readFileSync(store, 'utf8')) : []);

createServer(async (request, response) => {
  const answer = (status: number, value: unknown) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
  if (request.method === 'GET' && request.url === '/items') return answer(200, items());
  if (request.method === 'GET') {
    const item = items().find(({ id }) => request.url === '/items/' + id);
    return item ? answer(200, item) : answer(404, { error: 'not found' });
  }
  if (request.headers.authorization !== 'Bearer ' + process.env['SHOP_KEY']) return answer(401, { error: 'who are you' });
  let body = '';
  for await (const chunk of request) body += chunk;
  const item = { id: items().length + 1, ...JSON.parse(body) };
  writeFileSync(store, JSON.stringify([...items(), item]));
  answer(201, item);
}).listen(Number(process.env['PORT']), process.env['HOST']);
`,
};

/** Asks for a shop that knows whom it serves, finds what it stored, and still has it after a restart. */
export const shopWorks: CheckSpec = {
  kind: 'http',
  env: { SHOP_KEY: 'test-only' },
  exchanges: [
    { do: 'request', name: 'empty at first', method: 'GET', path: '/items', expect: { status: 200, json: [] } },
    {
      do: 'request',
      name: 'refuses strangers',
      method: 'POST',
      path: '/items',
      json: { name: 'x' },
      expect: { status: [401, 403] },
    },
    {
      do: 'request',
      name: 'creates',
      method: 'POST',
      path: '/items',
      headers: { Authorization: 'Bearer test-only' },
      json: { name: '${unique}' },
      expect: {
        status: 201,
        headers: { 'Content-Type': 'application/json' },
        json: { id: { $type: 'integer' }, name: '${unique}' },
      },
      save: { id: '/id' },
    },
    { do: 'restart' },
    {
      do: 'request',
      name: 'finds it again',
      method: 'GET',
      path: '/items/${id}',
      expect: { status: 200, json: { name: '${unique}' }, bodyExcludes: ['error'] },
    },
    {
      do: 'request',
      name: 'lists it',
      method: 'GET',
      path: '/items',
      expect: { status: 200, json: { $includes: { id: '${id}' } } },
    },
  ],
};

export const pythonTests: CheckSpec = {
  kind: 'test',
  toolchain: 'python',
  files: [
    {
      path: 'tests/test_price.py',
      content:
        'from shop.price import total\n\ndef test_total():\n    assert total([1, 2]) == 3\n\ndef test_nothing():\n    assert total([]) == 0\n',
    },
  ],
  tests: ['tests/test_price.py::test_total', 'tests/test_price.py::test_nothing'],
};

export const nodeTests: CheckSpec = {
  kind: 'test',
  toolchain: 'node',
  files: [
    {
      path: 'test/price.test.ts',
      content: `import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { total } from '../src/price.ts';
describe('total', () => {
  it('adds prices', () => assert.equal(total([1, 2]), 3));
  it('is zero for nothing', () => assert.equal(total([]), 0));
});
`,
    },
  ],
  tests: ['test/price.test.ts::total > adds prices', 'test/price.test.ts::total > is zero for nothing'],
};
