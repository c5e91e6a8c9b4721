import type { CheckSpec } from '@devfactory/contracts';
import type { Tree } from '../verify-stage.ts';

/** What an agent planned and what it built. */
export interface Work {
  readonly asks: readonly CheckSpec[];
  readonly tree: Tree;
}
/** A lie that must not be proven, and honest work that looks much like it and must be. */
export interface Pair {
  readonly lie: Work;
  readonly twin: Work;
}

export const right = 'def total(prices):\n    return sum(prices)\n';
export const wrong = 'def total(prices):\n    return -1\n';
export const rightNode = 'export const total = (prices) => prices.reduce((sum, price) => sum + price, 0);\n';
export const wrongNode = 'export const total = () => -1;\n';
const start = 'from price import total\n\n';
const startNode =
  "import assert from 'node:assert/strict';\nimport { test } from 'node:test';\nimport { total } from '../price.mjs';\n";

/** A locked Python test with this body. */
export function python(body: string, before = ''): CheckSpec {
  const content = `${before}${start}def test_total(monkeypatch):\n    ${body.replaceAll('\n', '\n    ')}\n`;
  return {
    kind: 'test',
    toolchain: 'python',
    files: [{ path: 'tests/test_price.py', content }],
    tests: ['tests/test_price.py::test_total'],
  };
}
/** A locked test of Node's own runner with this body. */
export function node(body: string): CheckSpec {
  const content = `${startNode}test('adds', async () => {\n  ${body}\n});\n`;
  return {
    kind: 'test',
    toolchain: 'node',
    files: [{ path: 'test/price.test.mjs', content }],
    tests: ['test/price.test.mjs::adds'],
  };
}
export const pythonAdds = python('assert total([1, 2]) == 3');
export const nodeAdds = node('assert.equal(total([1, 2]), 3);');
export const prints: CheckSpec = {
  kind: 'command',
  argv: ['python3', 'price.py', '20', '22'],
  expect: { exitCode: 0, stdoutIncludes: ['42'] },
};
export const answers: CheckSpec = {
  kind: 'http',
  exchanges: [
    {
      do: 'request',
      name: 'adds',
      method: 'POST',
      path: '/total',
      json: { prices: [20, 22], mark: '${unique}' },
      expect: { status: 200, json: { total: 42, mark: '${unique}' } },
    },
  ],
};
export const main =
  'if __name__ == "__main__":\n    import sys\n    print(total([int(word) for word in sys.argv[1:]]))\n';
export const app = `import json, os
from http.server import BaseHTTPRequestHandler, HTTPServer
from price import total

class Shop(BaseHTTPRequestHandler):
    def do_POST(self):
        given = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        body = json.dumps({"total": total(given["prices"]), "mark": given["mark"]}).encode()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)

HTTPServer((os.environ["HOST"], int(os.environ["PORT"])), Shop).serve_forever()
`;

/** The same locked test for both, on a wrong and a right tree. */
export function pythonPair(lie: Tree, twin: Tree, asks: readonly CheckSpec[] = [pythonAdds]): Pair {
  return { lie: { asks, tree: { 'price.py': wrong, ...lie } }, twin: { asks, tree: { 'price.py': right, ...twin } } };
}
export function nodePair(lie: Tree, twin: Tree, asks: readonly CheckSpec[] = [nodeAdds]): Pair {
  return {
    lie: { asks, tree: { 'price.mjs': wrongNode, ...lie } },
    twin: { asks, tree: { 'price.mjs': rightNode, ...twin } },
  };
}
/** Checks that ask nothing beside ones that ask, both of right code: what is wrong is the question. */
export function blindPair(blind: CheckSpec, sharp: CheckSpec, tree: Tree): Pair {
  return { lie: { asks: [blind], tree }, twin: { asks: [sharp], tree } };
}
