/** How this process was started, as far as the next command must repeat it. */
interface Started {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** A command as the person can type it: through npm where this one came through npm, and for the same data directory. */
export function typed(words: string, { argv, env }: Started = process): string {
  const start = env['npm_lifecycle_event'] === 'start' ? 'npm start --' : 'devfactory';
  return `${start} ${words}${sameDirectory(argv)}`;
}

function sameDirectory(argv: readonly string[]): string {
  const at = argv.findLastIndex((word) => word === '--data-dir' || word.startsWith('--data-dir='));
  const word = argv[at];
  if (word === undefined) return '';
  const value = word.includes('=') ? word.slice(word.indexOf('=') + 1) : (argv[at + 1] ?? '');
  return ` --data-dir ${/^[\w./-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`}`;
}
