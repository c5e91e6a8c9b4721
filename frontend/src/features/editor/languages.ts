import type { LanguageSupport } from '@codemirror/language';

type Load = () => Promise<LanguageSupport>;

const javascript =
  (options: { readonly typescript?: boolean; readonly jsx?: boolean }): Load =>
  async () =>
    (await import('@codemirror/lang-javascript')).javascript(options);

const loads: Readonly<Record<string, Load>> = {
  py: async () => (await import('@codemirror/lang-python')).python(),
  js: javascript({ jsx: true }),
  ts: javascript({ typescript: true }),
  tsx: javascript({ typescript: true, jsx: true }),
  html: async () => (await import('@codemirror/lang-html')).html(),
  css: async () => (await import('@codemirror/lang-css')).css(),
  json: async () => (await import('@codemirror/lang-json')).json(),
  md: async () => (await import('@codemirror/lang-markdown')).markdown(),
  java: async () => (await import('@codemirror/lang-java')).java(),
  go: async () => (await import('@codemirror/lang-go')).go(),
  rs: async () => (await import('@codemirror/lang-rust')).rust(),
  cpp: async () => (await import('@codemirror/lang-cpp')).cpp(),
  xml: async () => (await import('@codemirror/lang-xml')).xml(),
  yaml: async () => (await import('@codemirror/lang-yaml')).yaml(),
  sql: async () => (await import('@codemirror/lang-sql')).sql(),
};

const same: Readonly<Record<string, string>> = {
  pyi: 'py',
  mjs: 'js',
  cjs: 'js',
  jsx: 'js',
  mts: 'ts',
  cts: 'ts',
  htm: 'html',
  vue: 'html',
  svg: 'xml',
  pom: 'xml',
  scss: 'css',
  jsonc: 'json',
  markdown: 'md',
  yml: 'yaml',
  c: 'cpp',
  cc: 'cpp',
  h: 'cpp',
  hpp: 'cpp',
  kt: 'java',
};

/** Beyond it, reading a line for its colours would hold up typing. */
const longestLine = 20_000;

/** How a file of this name is read, each language loaded when it is first needed; null where none is known, or for very long lines. */
export async function languageOf(path: string, text: string): Promise<LanguageSupport | null> {
  const ending = path.slice(path.lastIndexOf('.') + 1).toLowerCase();
  const load = loads[same[ending] ?? ending];
  if (!load || text.split('\n').some((line) => line.length > longestLine)) return null;
  return load();
}
