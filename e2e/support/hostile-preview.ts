import { createServer, type Server } from 'node:http';

/**
 * A page that tries what foreign code in a browser can try, and shows how each went. The console's origin and that of another preview come
 * in its address: /?console=…&other=….
 */
export const hostilePage = `<!doctype html><title>hostile</title><h1>Shop</h1><ul id="seen"></ul><button>Crash</button><script>
const seen = document.querySelector('#seen');
const { console: home, other, stay } = Object.fromEntries(new URLSearchParams(location.search));
const tell = (what, did) => { const item = document.createElement('li'); item.textContent = what + ': ' + did; seen.append(item); };
const tries = {
  'read the API': async () => (await fetch(home + '/api/runs', { credentials: 'include' })).status === 200,
  'log the person out': async () => { await fetch(home + '/api/logout', { method: 'POST', credentials: 'include', mode: 'no-cors' }); return (await fetch(home + '/api/runs', { credentials: 'include' })).status === 401; },
  'read the page around': async () => parent !== self && parent.document.body !== null,
  'see who opened it': async () => window.opener !== null,
  'read the pass or the session': async () => /devfactory/.test(document.cookie),
  'set a cookie for all of localhost': async () => { document.cookie = 'tossed=1; Domain=localhost; Path=/'; return /tossed/.test(document.cookie); },
  'read another preview': async () => (await fetch(other + '/', { credentials: 'include' })).ok,
  'open a WebSocket of another preview': () => socket(other.replace('http', 'ws') + '/socket'),
  'serve others with a service worker': async () => (await navigator.serviceWorker.register(home + '/sw.js').then(() => true)),
  'lead the page around away': async () => { top.location.href = 'about:blank#gone'; return true; },
};
function socket(url) { return new Promise((done) => { const it = new WebSocket(url); it.onopen = () => done(true); it.onerror = () => done(false); }); }
(async () => {
  if (!home) return;
  for (const [what, attempt] of Object.entries(tries)) if (!stay || !what.startsWith('lead')) tell(what, await attempt().then((did) => did ? 'done' : 'stopped', () => 'stopped'));
  tell('its own WebSocket', await socket(location.origin.replace('http', 'ws') + '/socket') ? 'works' : 'broken');
  document.title = 'tried';
})();
document.querySelector('button').onclick = () => fetch('/crash').catch(() => {});
</script>`;

/** The application of a run: serves the page, answers WebSockets, and ends when it is told to. */
export const hostileServer = `
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
const server = createServer((request, response) => {
  if (request.url === '/crash') { console.error('out of books'); process.exit(3); }
  response.setHeader('content-type', 'text/html');
  response.end(readFileSync('page.html'));
});
server.on('upgrade', (request, socket) => {
  const key = createHash('sha1').update(request.headers['sec-websocket-key'] + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11').digest('base64');
  socket.write('HTTP/1.1 101 Switching Protocols\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\nSec-WebSocket-Accept: ' + key + '\\r\\n\\r\\n');
});
server.listen(Number(process.env.PORT), '127.0.0.1', () => console.log('open'));
`;

/** The twin: a console that shows previews on its own origin, below a path, as many tools do. */
export async function naiveConsole(): Promise<{ readonly url: string; readonly server: Server }> {
  const server = createServer((request, response) => {
    const isKnown = request.headers.cookie?.includes('session=1') ?? false;
    const path = new URL(request.url ?? '/', 'http://x').pathname;
    if (path === '/api/runs') return void response.writeHead(isKnown ? 200 : 401).end('[]');
    if (path === '/api/logout') return void response.setHeader('set-cookie', 'session=; Path=/; Max-Age=0').end();
    response.setHeader('content-type', path === '/sw.js' ? 'text/javascript' : 'text/html');
    if (path === '/preview') return void response.end(hostilePage);
    if (path === '/sw.js') return void response.end('');
    // A browser asks for an icon by itself, at any moment: that is no log-in.
    if (path !== '/') return void response.writeHead(404).end();
    const { host } = request.headers;
    response.setHeader('set-cookie', 'session=1; Path=/; HttpOnly');
    response.end(`<iframe src="/preview?console=http://${host}&other=http://${host}&stay=1"></iframe>`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return { url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`, server };
}
