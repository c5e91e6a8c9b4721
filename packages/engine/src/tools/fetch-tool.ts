import { cutLines, cutText } from '../text/cut-text.ts';
import { failed, ok, type InputOf, type ToolContext, type ToolOutcome } from './tool.ts';

const answerLimits = { lines: 2000, characters: 50_000 };
const timeoutMs = 45_000;
const linkCharacters = 4_000;

/** Where documentation is read, unless this installation says otherwise. Hosts on which a stranger may publish are not among them. */
export const defaultDocsHosts: readonly string[] = [
  'docs.python.org',
  'docs.pytest.org',
  'flask.palletsprojects.com',
  'fastapi.tiangolo.com',
  'nodejs.org',
  'developer.mozilla.org',
  'www.typescriptlang.org',
  'react.dev',
  'vite.dev',
  'doc.rust-lang.org',
  'docs.rs',
  'go.dev',
  'docs.oracle.com',
  'docs.spring.io',
  'maven.apache.org',
  'en.cppreference.com',
  'cmake.org',
  'www.postgresql.org',
  'redis.io',
];

/**
 * A page of documentation as text. It is fetched and read in the sandbox, through its proxy, which lets through the same hosts and no
 * others, redirects included: the host itself fetches nothing for an agent.
 */
export async function fetchDocs({ session }: ToolContext, input: InputOf<'fetch'>): Promise<ToolOutcome> {
  const { docsHosts } = session.limits;
  const url = URL.canParse(input.url) ? new URL(input.url) : null;
  if (!url || !isDocs(url, docsHosts)) {
    return failed(
      `Documentation is read by https from these hosts only: ${docsHosts.join(', ') || 'none'}. Package registries are reached with the shell.`,
    );
  }
  const workspace = await session.workspace();
  const done = await workspace.exec({
    argv: ['node', '--input-type=module', '-e', program, url.href, String(linkCharacters)],
    timeoutMs,
    outputBytes: 4 * 1024 * 1024,
  });
  if (done.timedOut) return failed(`${url.hostname} did not answer within ${timeoutMs / 1000} s.`);
  if (done.exitCode !== 0)
    return failed(cutText(done.stderr.trim() || `The fetch ended with ${done.exitCode}.`, 2_000));
  const page = done.stdout.slice(input.offset ?? 0);
  const shown = cutLines(page.slice(0, answerLimits.characters), answerLimits.lines);
  const rest = page.length - answerLimits.characters;
  const more =
    rest > 0
      ? `\n… ${rest} more characters; read on with offset ${(input.offset ?? 0) + answerLimits.characters}.`
      : '';
  return ok(shown + more);
}

/** A host with a port is one of the own network: it may be without TLS. */
function isDocs(url: URL, hosts: readonly string[]): boolean {
  return hosts.some((host) =>
    host.includes(':') ? url.host === host.toLowerCase() : url.protocol === 'https:' && url.host === host.toLowerCase(),
  );
}

/** Runs in the sandbox: prints a page as text, with its links at the end. Its input is a stranger's page and its output untrusted. */
const program = String.raw`
const [address, most] = process.argv.slice(1);
const say = (text) => { process.stderr.write(text + '\n'); process.exit(1); };
let answer;
try { answer = await fetch(address, { headers: { accept: 'text/markdown, text/plain, text/html;q=0.9, */*;q=0.5' }, signal: AbortSignal.timeout(40000) }); }
catch (error) { say('Not reached: ' + (error.cause?.message ?? error.message)); }
if (!answer.ok) say(answer.status + ' ' + answer.statusText + ' from ' + answer.url);
const type = answer.headers.get('content-type') ?? '';
if (!/text|json|xml|markdown/.test(type)) say('It is ' + (type || 'of no type') + ', not text.');
const parts = []; let size = 0;
for await (const part of answer.body) { parts.push(part); size += part.length; if (size > 3000000) break; }
let text = Buffer.concat(parts).toString('utf8');
if (/html/.test(type)) {
  const main = /<(main|article)\b[^>]*>([\s\S]*?)<\/\1>/i.exec(text)?.[2] ?? text;
  const links = [...main.matchAll(/<a\b[^>]*href="([^"#][^"]*)"[^>]*>([\s\S]*?)<\/a>/gi)].map(([, to, words]) => [to, words.replace(/<[^>]*>/g, '').trim()]);
  text = main
    .replace(/<(script|style|nav|svg|noscript)\b[\s\S]*?<\/\1>/gi, '')
    .replace(/<h([1-6])\b[^>]*>/gi, (_, n) => '\n\n' + '#'.repeat(n) + ' ')
    .replace(/<li\b[^>]*>/gi, '\n- ').replace(/<\/(td|th)>/gi, ' | ').replace(/<pre\b[^>]*>/gi, '\n\n').replace(/<(br|\/p|\/pre|\/div|\/tr|\/h[1-6]|\/dt|\/dd)\b[^>]*>/gi, '\n')
    .replace(/<[^>]*>/g, '')
    .replace(/&(lt|gt|quot|nbsp|amp|#39|#x27);/g, (_, name) => ({ lt: '<', gt: '>', quot: '"', nbsp: ' ', amp: '&' })[name] ?? "'")
    .replace(/[ \t]+$/gm, '').replace(/\n{3,}/g, '\n\n').trim();
  let list = '';
  for (const [to, words] of new Map(links)) {
    const line = URL.canParse(to, answer.url) && words ? '\n' + words.replace(/\s+/g, ' ').slice(0, 80) + ': ' + new URL(to, answer.url).href : '';
    if (list.length + line.length > Number(most)) break;
    list += line;
  }
  if (list) text += '\n\nLinks:' + list;
}
process.stdout.write(answer.url + '\n\n' + text + '\n');
`;
