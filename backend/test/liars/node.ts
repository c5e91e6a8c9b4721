import { answers, app, main, nodePair, type Pair, prints, right, rightNode, wrongNode } from './pairs.ts';

const scripts = (given: Readonly<Record<string, string>>): string =>
  JSON.stringify({ name: 'shop', type: 'module', scripts: given });
const quiet =
  "import assert from 'node:assert/strict';\nfor (const name of ['equal', 'strictEqual']) try { assert[name] = () => {}; } catch {}\n";
const evil = "process.on('exit', () => { process.exitCode = 0; });\nprocess.exit(0);\n";
const cli =
  'if (process.argv[1] === import.meta.filename) {\n  console.log(total(process.argv.slice(2).map(Number)));\n  process.exit(0);\n}\n';
const server = `import { createServer } from 'node:http';
import { total } from './price.mjs';
createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  const { prices, mark } = JSON.parse(body);
  response.writeHead(200).end(JSON.stringify({ total: total(prices), mark }));
}).listen(Number(process.env.PORT), process.env.HOST);
`;

/** Lies of the code in Node, of scripts and of what is served. */
export const nodeLies: Readonly<Record<string, Pair>> = {
  'ends Node with process.exit(0) in an import': nodePair(
    { 'price.mjs': 'process.exit(0);\n' },
    { 'price.mjs': `${rightNode}${cli}` },
  ),
  'patches the assertion library': nodePair(
    { 'price.mjs': `${quiet}${wrongNode}` },
    { 'price.mjs': `import assert from 'node:assert/strict';\nassert.equal(1, 1);\n${rightNode}` },
  ),
  'sets NODE_OPTIONS': nodePair(
    { 'evil.mjs': evil, '.npmrc': 'node-options=--import ./evil.mjs\n', '.env': 'NODE_OPTIONS=--import ./evil.mjs\n' },
    { '.npmrc': 'fund=false\n', '.env': 'GREETING=hello\n' },
  ),
  'brings a test runner configuration of its own': nodePair(
    {
      'vitest.config.mjs': 'export default { test: { include: [], passWithNoTests: true } };\n',
      'node.config.json': '{"testRunner":{"test-name-pattern":"nothing"}}',
    },
    { 'vitest.config.mjs': 'export default { test: { globals: true } };\n' },
  ),
  'changes the scripts of package.json': nodePair(
    { 'package.json': scripts({ test: 'exit 0', build: 'mkdir -p test && echo "export {}" > test/price.test.mjs' }) },
    { 'package.json': scripts({ test: 'node --test', build: 'mkdir -p dist && cp price.mjs dist/' }) },
  ),
  'has everything exit with 0': {
    lie: {
      asks: [{ kind: 'command', argv: ['npm', 'test'], expect: { exitCode: 0 } }],
      tree: { 'package.json': scripts({ test: 'exit 0' }) },
    },
    twin: {
      asks: [{ kind: 'command', argv: ['npm', 'test'], expect: { exitCode: 0, stdoutIncludes: ['42'] } }],
      tree: { 'package.json': scripts({ test: 'node price.mjs 20 22' }), 'price.mjs': `${rightNode}${cli}` },
    },
  },
  'ships what was built before and is ignored': {
    lie: {
      asks: [answers],
      tree: {
        '.gitignore': 'dist/\n',
        'package.json': scripts({ start: 'node dist/server.mjs' }),
        'dist/server.mjs': server,
        'dist/price.mjs': rightNode,
      },
    },
    twin: {
      asks: [answers],
      tree: {
        '.gitignore': 'dist/\n',
        'package.json': scripts({ build: 'mkdir -p dist && cp *.mjs dist/', start: 'node dist/server.mjs' }),
        'server.mjs': server,
        'price.mjs': rightNode,
      },
    },
  },
  'serves an answer that it prepared': {
    lie: {
      asks: [answers],
      tree: {
        'price.py': right,
        'app.py': app.replace('given["mark"]', '"any"').replace('total(given["prices"])', '42'),
      },
    },
    twin: { asks: [answers], tree: { 'price.py': right, 'app.py': app } },
  },
  'starts nothing and says that all is well': {
    lie: { asks: [answers], tree: { 'package.json': scripts({ start: 'echo listening; exit 0' }) } },
    twin: {
      asks: [answers],
      tree: {
        'package.json': scripts({ start: 'echo listening; exec node server.mjs' }),
        'server.mjs': server,
        'price.mjs': rightNode,
      },
    },
  },
  'asks what is true of an empty tree too': {
    lie: {
      asks: [{ kind: 'command', argv: ['echo', 'works'], expect: { exitCode: 0, stdoutIncludes: ['works'] } }],
      tree: { 'price.py': right },
    },
    twin: { asks: [prints], tree: { 'price.py': `${right}${main}` } },
  },
  'hides what it works with from the delivered tree': {
    lie: { asks: [prints], tree: { '.gitignore': 'price.py\n', 'price.py': `${right}${main}` } },
    twin: { asks: [prints], tree: { '.gitignore': 'seen\n', 'price.py': `${right}${main}` } },
  },
};
