import { spawnSync } from 'node:child_process';
import type { CheckSpec, Evidence } from '@devfactory/contracts';
import type { EgressSum } from '@devfactory/engine';
import { publicRegistries } from '@devfactory/kit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { collect, type Tree, VerifyStage } from './verify-stage.ts';

const reaches = async (url: string): Promise<boolean> =>
  fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(5000) }).then(
    () => true,
    () => false,
  );
const reasonOf = async (): Promise<string | null> => {
  if (spawnSync('bwrap', ['--version']).status !== 0) return 'bubblewrap is not installed';
  const both = await Promise.all([
    reaches(`https://${publicRegistries.npm}/`),
    reaches(`https://${publicRegistries.python}/simple/`),
  ]);
  return both.every(Boolean) ? null : 'a package registry is out of reach';
};
const reason = await reasonOf();

const says = (text: string): CheckSpec => ({
  kind: 'http',
  exchanges: [
    { do: 'request', name: 'greets', method: 'GET', path: '/', expect: { status: 200, bodyIncludes: [text] } },
  ],
});

const pythonApp: Tree = {
  'requirements.txt': '-r requirements/base.txt\n',
  'requirements/base.txt': 'itsdangerous==2.2.0 # one wheel, no dependencies\n-e .\n',
  'setup.py': 'raise SystemExit("project code ran while dependencies were installed")\n',
  'app.py': `import itsdangerous, os
from http.server import BaseHTTPRequestHandler, HTTPServer
class App(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(itsdangerous.Signer("test").sign("hello"))
if __name__ == "__main__":
    HTTPServer(("127.0.0.1", int(os.environ["PORT"])), App).serve_forever()
`,
};

const nodeApp: Tree = {
  'package.json': JSON.stringify({
    type: 'module',
    dependencies: { 'is-number': '7.0.0' },
    scripts: {
      preinstall: 'exit 1',
      postinstall: 'exit 1',
      build: 'mkdir -p dist && cp src/main.js dist/',
      start: 'node dist/main.js',
    },
  }),
  // Would name a program to be run in place of git, and another registry.
  '.npmrc': 'git=./evil.sh\nregistry=https://registry.invalid/\n',
  'src/main.js': `import { createServer } from 'node:http';
import isNumber from 'is-number';
createServer((_, response) => response.end('hello ' + isNumber(5))).listen(process.env.PORT, process.env.HOST);
`,
};

/** As `npm create vite` lays it out: its configuration is bundled into node_modules, and what the page imports is prepared there. */
const viteApp: Tree = {
  'package.json': JSON.stringify({
    type: 'module',
    devDependencies: { vite: '8.3.8' },
    dependencies: { 'is-number': '7.0.0' },
    scripts: { build: 'vite build', start: 'vite --strictPort --port $PORT' },
  }),
  'vite.config.ts':
    "import { defineConfig, type UserConfig } from 'vite';\nconst config: UserConfig = { server: { host: '127.0.0.1' } };\nexport default defineConfig(config);\n",
  'index.html': '<title>Five</title><div id="five"></div><script type="module" src="/src/main.ts"></script>\n',
  'src/main.ts':
    "import isNumber from 'is-number';\nconst told: boolean = isNumber(5);\ndocument.querySelector('#five')!.textContent = String(told);\n",
};

describe.skipIf(reason !== null)(
  `dependencies come from registries${reason === null ? '' : ` (skipped: ${reason})`}`,
  () => {
    let stage: VerifyStage;
    beforeAll(async () => {
      stage = await VerifyStage.open();
    });
    afterAll(() => stage.close());

    const verified = async (
      tree: Tree,
      text: string,
    ): Promise<{ readonly evidence: Evidence | undefined; readonly egress: readonly EgressSum[] }> => {
      const check = await stage.lock({ spec: says(text), timeoutMs: 30_000 }, 1);
      const verification = stage.verify({ checkpoint: await stage.checkpoint(tree, 'ck-1'), checks: [check] });
      const [evidence] = await collect(verification);
      return { evidence, egress: verification.egress() };
    };

    test.each([
      ['Python', pythonApp, 'hello.'],
      ['Node', nodeApp, 'hello true'],
    ])('%s: installed before any project code runs, once for the same manifests', async (_, tree, text) => {
      const first = await verified(tree, text);
      expect(first.evidence).toMatchObject({ verdict: 'passed', cause: null });
      expect(first.egress.some(({ allowed }) => allowed)).toBe(true);
      const second = await verified({ ...tree, 'NOTES.md': 'another tree, the same manifests\n' }, text);
      expect(second).toMatchObject({ evidence: { verdict: 'passed' }, egress: [] });
    });
    test(
      'a Vite app with a TypeScript configuration is built, and served as its developers do',
      { timeout: 400_000 },
      async () => {
        const asks = (path: string, text: string) => ({
          do: 'request' as const,
          name: path,
          method: 'GET' as const,
          path,
          expect: { status: 200, bodyIncludes: [text] },
        });
        const spec: CheckSpec = {
          kind: 'http',
          exchanges: [
            asks('/', '<title>Five'),
            asks('/src/main.ts', 'is-number'),
            asks('/node_modules/.vite/deps/is-number.js', 'require_is_number'),
          ],
        };
        const check = await stage.lock({ spec, timeoutMs: 120_000 }, 1);
        const verification = stage.verify({ checkpoint: await stage.checkpoint(viteApp, 'ck-1'), checks: [check] });
        expect(await collect(verification)).toMatchObject([{ verdict: 'passed' }]);
      },
    );
    test('a package that does not exist is the project’s own fault', async () => {
      const { evidence } = await verified(
        { ...nodeApp, 'package.json': '{"dependencies":{"is-number":"999.0.0"},"scripts":{"start":"node x.js"}}' },
        'x',
      );
      expect(evidence).toMatchObject({ verdict: 'failed', cause: 'absent' });
    });
  },
);
