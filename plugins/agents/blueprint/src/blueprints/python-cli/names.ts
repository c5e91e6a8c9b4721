import type { Model } from '../../model/model.ts';

/** Modules of the standard library and folders of the project that a tool's name might hide. */
const taken = new Set(
  'abc array ast bisect calendar cmd code codecs collections contextlib copy csv ctypes curses data dataclasses dbm decimal email enum errno fractions functools glob graphlib gzip heapq html http imp inspect io json keyword locale logging mailbox math mimetypes numbers operator os pathlib pickle platform plistlib pprint profile pytest queue random re readline resource sched secrets select shelve shlex signal site socket sqlite3 statistics string struct symbol symtable sys test tests textwrap threading time timeit token tokenize trace turtle types typing unittest uuid venv warnings wave weakref xml zipfile'.split(
    ' ',
  ),
);

/** The package that holds the code: 'book_tool'. */
export function packageOf({ slug }: Model): string {
  const name = slug.replaceAll('-', '_').replace(/^(?=\d)/, 'n');
  return taken.has(name) ? `${name}_tool` : name;
}
