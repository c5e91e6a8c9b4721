/** Code whose files are found by name when it runs, and by nothing else: what no text names is not loaded. */
const code = /\.(?:py|js|mjs|cjs|jsx|ts|mts|cts|tsx)$/;
/** Loaded by runners and interpreters unasked, or read by what installs. */
const alwaysLoaded =
  /(?:^|\/)(?:conftest|sitecustomize|usercustomize|setup|__main__|[^/]*\.config|[^/]*\.setup)\.[a-z]+$/;
/** What says which file a name means. */
const mapping =
  /(?:^|\/)(?:package|[tj]sconfig[^/]*)\.json$|(?:^|\/)(?:pyproject\.toml|setup\.cfg|pytest\.ini|tox\.ini)$/;
/** Looks for code instead of naming it, or hands a name to another program: then any file may be meant. */
const looksAround = new RegExp(
  [
    String.raw`\b(?:listdir|scandir|iterdir|r?glob|walk|iter_modules|walk_packages|readdir\w*|opendir\w*)\b`,
    String.raw`\b(?:import_module|__import__|importlib|runpy|spec_from_file_location|createRequire|registerHooks)\b`,
    String.raw`\b(?:child_process|subprocess|worker_threads|popen|os\.system|multiprocessing)\b`,
    String.raw`(?<![.\w])(?:exec|eval|execfile)\s*\(`,
    String.raw`\b(?:import|require)\s*\(\s*[^'"\s)]`,
    String.raw`\brequire\s*\.`,
  ].join('|'),
);
const mostCharacters = 16 * 1024 * 1024;

export function isCode(path: string): boolean {
  return code.test(path);
}

/** True for a file whose text says what other files are loaded by. */
export function isMapping(path: string): boolean {
  return mapping.test(path);
}

/**
 * Of a tree's code (path to text), the files that `roots` can get to by naming them, directly or through others. Names are taken
 * generously: any text with the word that a file is called by reaches it. Null when something among them looks for files by itself, or
 * when there is too much to read: then nothing can be left out.
 */
export function reachableCode(
  files: ReadonlyMap<string, string>,
  roots: readonly string[],
): ReadonlySet<string> | null {
  let room = mostCharacters;
  for (const text of [...files.values(), ...roots]) room -= text.length;
  if (room < 0) return null;
  const byName = Map.groupBy(files.keys(), nameOf);
  const found = new Set<string>();
  const queue = [...roots];
  const reach = (paths: Iterable<string>): void => {
    for (const path of paths) {
      if (found.has(path)) continue;
      found.add(path);
      queue.push(files.get(path) ?? '');
    }
  };
  reach([...files.keys()].filter((path) => alwaysLoaded.test(path)));
  reach(byName.get('') ?? []);
  for (let text = queue.pop(); text !== undefined; text = queue.pop()) {
    if (looksAround.test(text)) return null;
    for (const word of wordsOf(text)) reach(byName.get(word) ?? []);
  }
  return found;
}

/** Each word, and the parts of one with hyphens: './price-list' names one file, 'total-price' may be a difference. */
function wordsOf(text: string): ReadonlySet<string> {
  const words = text.split(/[^\p{L}\p{N}_$-]+/u).filter((word) => word !== '');
  return new Set([...words, ...words.filter((word) => word.includes('-')).flatMap((word) => word.split('-'))]);
}

/** The word that a text has to hold to load this file: its name up to the first dot, or its folder's where it stands for that. */
function nameOf(path: string): string {
  const parts = path.split('/');
  const stem = (parts.at(-1) ?? '').split('.')[0] ?? '';
  const own = /^(?:index|main|mod|__init__|__main__)$/.test(stem) ? (parts.at(-2) ?? '') : stem;
  // What is called by something that no word is, is always reached.
  return /^[\p{L}\p{N}_$-]+$/u.test(own) ? own : '';
}
