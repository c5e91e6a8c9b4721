import type { Command, SourceView } from '@devfactory/kit';

/** How an app starts, as far as the tree tells. */
export type Start =
  | { readonly kind: 'shell'; readonly script: string }
  | { readonly kind: 'django' }
  | { readonly kind: 'flask' | 'asgi'; readonly module: string; readonly name: string }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'module'; readonly module: string };

/** Files that hold an app by convention, the likeliest first; each also below src/. */
const entryNames = ['wsgi.py', 'asgi.py', 'app.py', 'main.py', 'server.py', 'application.py', 'run.py', '__main__.py'];
const packageFiles = ['__init__.py', 'app.py', 'main.py', 'wsgi.py', 'asgi.py', 'factory.py'];
const looked = 40;

/** Reads the likeliest files: a Procfile's web line first, then Django, Flask and ASGI apps, then a file or package that starts itself. */
export async function startOf(source: SourceView): Promise<Start | null> {
  const web = /^web:\s*(.+)$/m.exec((await readIf(source, 'Procfile')) ?? '')?.[1]?.trim();
  if (web) return { kind: 'shell', script: web };
  if (/django/i.test((await readIf(source, 'manage.py')) ?? '')) return { kind: 'django' };
  const paths = candidates(source);
  const texts = new Map<string, string>();
  for (const path of paths) texts.set(path, (await source.read(path)) ?? '');
  return webApp(texts) ?? plainStart(source, texts);
}

export function serveCommand(
  start: Start,
  { port, env }: { readonly port: number; readonly env: Readonly<Record<string, string>> },
): Command {
  const all = { ...env, PORT: String(port), HOST: '127.0.0.1' };
  return { argv: argvOf(start, String(port)), env: all, timeoutMs: 0 };
}

function argvOf(start: Start, port: string): readonly string[] {
  switch (start.kind) {
    case 'shell':
      return ['/bin/sh', '-c', start.script];
    case 'django':
      return ['python', 'manage.py', 'runserver', `127.0.0.1:${port}`, '--noreload'];
    case 'flask':
      return [
        'python',
        '-m',
        'flask',
        '--app',
        start.name === '' ? start.module : `${start.module}:${start.name}`,
        'run',
        '--host=127.0.0.1',
        `--port=${port}`,
        '--no-reload',
      ];
    case 'asgi':
      return ['python', '-m', 'uvicorn', `${start.module}:${start.name}`, '--host=127.0.0.1', `--port=${port}`];
    case 'file':
      return ['python', start.path];
    case 'module':
      return ['python', '-m', start.module];
  }
}

function candidates(source: SourceView): string[] {
  const there = new Set(source.paths);
  const roots = ['', 'src/'].flatMap((root) => entryNames.map((name) => `${root}${name}`));
  const packages = source.paths.flatMap((path) => /^((?:src\/)?[A-Za-z_]\w*\/)__init__\.py$/.exec(path)?.[1] ?? []);
  const inside = packages
    .filter((folder) => !/^(?:src\/)?tests?\//.test(folder))
    .flatMap((folder) => packageFiles.map((name) => `${folder}${name}`));
  return [...roots, ...inside].filter((path) => there.has(path)).slice(0, looked);
}

/** Where an object is made (`app = Flask(…)`), a factory is defined, or one is imported to be served. */
function webApp(texts: ReadonlyMap<string, string>): Start | null {
  for (const [path, text] of texts) {
    const asgi = /^(\w+)\s*(?::[^=\n]+)?=\s*(?:FastAPI|Starlette|Litestar|Quart)\(/m.exec(text)?.[1];
    if (asgi) return { kind: 'asgi', module: moduleOf(path), name: asgi };
    const made = /^(\w+)\s*(?::[^=\n]+)?=\s*(?:Flask|create_app|make_app|build_app)\(/m.exec(text)?.[1];
    if (made) return { kind: 'flask', module: moduleOf(path), name: made };
    const factory = /^def (create_app|make_app)\(/m.exec(text)?.[1];
    if (factory && /\bFlask\b/.test(text)) return { kind: 'flask', module: moduleOf(path), name: factory };
    if (path.endsWith('wsgi.py') && /^from .+ import .*\b(?:app|application)\b/m.test(text))
      return { kind: 'flask', module: moduleOf(path), name: '' };
  }
  return null;
}

/** A script that serves by itself, or a package that can be run. */
function plainStart(source: SourceView, texts: ReadonlyMap<string, string>): Start | null {
  for (const [path, text] of texts) {
    const serves = /__name__\s*==\s*['"]__main__['"]|serve_forever|\.run\(|run_simple/.test(text);
    if (serves && !path.endsWith('__main__.py') && !path.endsWith('__init__.py')) return { kind: 'file', path };
  }
  const runnable = source.paths.find((path) => /^(?:src\/)?[A-Za-z_]\w*\/__main__\.py$/.test(path));
  if (runnable) return { kind: 'module', module: moduleOf(runnable.replace(/\/__main__\.py$/, '.py')) };
  const script = [...texts.keys()].find((path) => !path.includes('/') && path !== '__init__.py');
  return script === undefined ? null : { kind: 'file', path: script };
}

/** 'src/shop/__init__.py' is the module 'shop'. */
function moduleOf(path: string): string {
  return path
    .replace(/^src\//, '')
    .replace(/(?:\/__init__)?\.py$/, '')
    .replaceAll('/', '.');
}

async function readIf(source: SourceView, path: string): Promise<string | null> {
  return source.paths.includes(path) ? source.read(path) : null;
}
