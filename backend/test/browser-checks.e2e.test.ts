import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserCheck, CheckSpec } from '@devfactory/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Tree, VerifyStage } from './verify-stage.ts';

const hasSandbox = spawnSync('bwrap', ['--version']).status === 0;
const hasBrowser = existsSync('/usr/lib/chromium/chromium');
const lacking = !hasSandbox ? 'bubblewrap is not installed' : !hasBrowser ? 'Chromium is not installed' : null;
const skipped = lacking === null ? '' : ` (skipped: ${lacking})`;

let stage: VerifyStage;
beforeAll(async () => {
  stage = await VerifyStage.open();
});
afterAll(() => stage.close());

const page = `<!doctype html><title>Notes</title>
<h1>Notes</h1>
<form><label>Note <input name="note"></label><button>Add</button></form>
<ul></ul>
<p style="visibility: hidden">a hidden note</p>
<script type="module">
  const list = document.querySelector('ul');
  const show = (notes) => list.replaceChildren(...notes.map((text) => Object.assign(document.createElement('li'), { textContent: text })));
  const socket = new WebSocket('ws://' + location.host + '/live');
  show(await (await fetch('/notes')).json());
  document.querySelector('form').addEventListener('submit', async (event) => {
    event.preventDefault();
    const body = new FormData(event.target).get('note');
    show(await (await fetch('/notes', { method: 'POST', body })).json());
  });
</script>`;

const server = `import { createServer } from 'node:http';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
const kept = () => (existsSync('notes.json') ? JSON.parse(readFileSync('notes.json', 'utf8')) : []);
createServer(async (request, response) => {
  if (request.url === '/notes' && request.method === 'POST') {
    let body = '';
    for await (const part of request) body += part;
    writeFileSync('notes.json', JSON.stringify([...kept(), body]));
  }
  if (request.url === '/notes') return response.setHeader('content-type', 'application/json').end(JSON.stringify(kept()));
  if (request.url !== '/') return response.writeHead(404).end('not here');
  response.setHeader('content-type', 'text/html').end(readFileSync('page.html'));
}).listen(process.env.PORT, '127.0.0.1');
`;

const notes: Tree = {
  'package.json': JSON.stringify({ name: 'notes', type: 'module', scripts: { start: 'node server.js' } }),
  'server.js': server,
  'page.html': page,
};
const input = { role: 'textbox', name: 'Note' };
const add = { role: 'button', name: 'Add' };

function browser(...steps: BrowserCheck['steps']): CheckSpec {
  return { kind: 'browser', steps };
}

describe.skipIf(lacking !== null)(`a check that uses the app with a browser${skipped}`, () => {
  test('is proven when a person would see it, with pictures of what the browser showed', async () => {
    const spec = browser(
      { do: 'open', path: '/' },
      { do: 'see', target: { role: 'heading', name: 'Notes' } },
      { do: 'fill', target: input, text: 'milk ${unique}' },
      { do: 'click', target: add },
      { do: 'see', target: { css: 'li' }, text: 'milk ${unique}', count: 1 },
      { do: 'screenshot', name: 'one note' },
      { do: 'restart' },
      { do: 'open', path: '/' },
      { do: 'see', text: 'milk ${unique}' },
      { do: 'see-not', text: 'a hidden note' },
    );
    const { status, evidence, base } = await stage.ask([{ spec, timeoutMs: 60_000 }], { tree: notes, budgetMs: 1 });
    expect(base[0]).toMatchObject({ verdict: 'failed', cause: 'absent' });
    expect(evidence[0]).toMatchObject({ verdict: 'passed', vantage: 'outside', executions: 2 });
    expect(status).toBe('proven');
    const [picture] = evidence[0]?.screenshots ?? [];
    expect(picture).toMatchObject({ name: 'one note', width: 1280, height: 800 });
    const bytes = await stage.blobs.get(picture?.digest ?? '');
    expect(Buffer.from(bytes).subarray(1, 4).toString()).toBe('PNG');
  });

  test('fails with a picture and the words that are there where a person would not see it', async () => {
    const spec = browser({ do: 'open', path: '/' }, { do: 'see', text: 'a hidden note' });
    const { evidence } = await stage.ask([{ spec, timeoutMs: 30_000 }], { tree: notes, base: null });
    expect(evidence[0]).toMatchObject({ verdict: 'failed', cause: 'assertion', executions: 1 });
    expect(evidence[0]?.excerpt).toContain('The page does not show it. It says:\nNotes');
    expect(evidence[0]?.screenshots).toMatchObject([{ name: 'at the failure' }]);
  });

  test('says which status a page came with that is none, and that nothing of a name is there', async () => {
    const [gone, nameless] = await Promise.all([
      stage.ask([{ spec: browser({ do: 'open', path: '/nowhere' }) }], { tree: notes, base: null }),
      stage.ask(
        [{ spec: browser({ do: 'open', path: '/' }, { do: 'click', target: { role: 'button', name: 'Remove' } }) }],
        {
          tree: notes,
          base: null,
        },
      ),
    ]);
    expect(gone.evidence[0]).toMatchObject({ verdict: 'failed', command: 'open /nowhere -> 404; open /nowhere' });
    expect(nameless.evidence[0]?.excerpt).toContain('There is no visible button "Remove".');
  });
});

describe.skipIf(lacking !== null)(`a page that wants to fool the browser${skipped}`, () => {
  const look = browser({ do: 'open', path: '/' }, { do: 'see', target: { css: '#done' }, text: 'all is done' });
  const lies: Readonly<Record<string, string>> = {
    'with functions of its own in place of the browser’s':
      '<script>Element.prototype.checkVisibility = () => true; Object.defineProperty(HTMLElement.prototype, "innerText", { get: () => "all is done" }); document.querySelectorAll = () => [document.body];</script><p id=done>nothing is done</p>',
    'with what is there and cannot be seen': '<p id=done style="opacity: 0">all is done</p>',
    'by never getting ready': '<p id=done>not yet</p><script>for (;;);</script>',
  };
  test.each(Object.entries(lies))(
    '%s proves nothing',
    async (_, html) => {
      const tree = { ...notes, 'page.html': `<!doctype html><title>Lies</title>${html}` };
      const { evidence } = await stage.ask([{ spec: look, timeoutMs: 8000 }], { tree, base: null });
      expect(evidence[0]?.verdict).toBe('failed');
      // On a busy machine it is asked once more, with more time.
    },
    180_000,
  );

  test('an honest page like it is believed', async () => {
    const tree = { ...notes, 'page.html': '<!doctype html><title>Truth</title><p id=done>all is\n done</p>' };
    const { evidence } = await stage.ask([{ spec: look }], { tree, base: null });
    expect(evidence[0]?.verdict).toBe('passed');
  });
});

describe.skipIf(lacking !== null)(`a machine without Chromium${skipped}`, () => {
  test('proves nothing with a browser, and says what brings one', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'devfactory-no-browser-'));
    const bare = await VerifyStage.open({
      runtimeDir: stage.runtimeDir,
      sights: () => [{ from: empty, at: '/usr/lib/chromium' }],
    });
    try {
      const spec = browser({ do: 'open', path: '/' });
      const { status, evidence } = await bare.ask([{ spec }], { tree: notes });
      expect(evidence[0]).toMatchObject({ verdict: 'inconclusive', cause: 'environment' });
      expect(evidence[0]?.excerpt).toContain(
        'This machine has no Chromium. Install with: sudo apt-get install -y chromium',
      );
      expect(status).not.toBe('proven');
    } finally {
      await bare.close();
      await rm(empty, { recursive: true });
    }
  });
});
