import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire, stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';

export interface ProgramFile {
  /** Relative path with slashes. */
  readonly path: string;
  readonly content: string | Uint8Array;
}

const parts = ['inside', 'protocol', '_virtual'];

/** All of the program in one file, where it was built: a sandbox starts a quarter faster on it than on a file for each module. */
const bundle = 'sandbox.cjs';

/**
 * The program that runs inside the sandbox: plain JavaScript files without dependencies, to be laid down in one folder and started
 * as `node main.js <settings>`. From source the types are taken out here, so that no sandbox spends its start on that.
 */
export function supervisorProgram(): readonly ProgramFile[] {
  const home = import.meta.dirname;
  if (existsSync(join(home, bundle)))
    return [
      { path: 'package.json', content: '{"type":"commonjs"}\n' },
      { path: 'main.js', content: readFileSync(join(home, bundle), 'utf8') },
      ...terminalBinary(),
    ];
  const names = readdirSync(home, { recursive: true, encoding: 'utf8' }).filter(
    (name) =>
      /(?<!\.test|\.d)\.[tj]s$/.test(name) &&
      (/^(main|caches)\./.test(name) || parts.some((part) => name.startsWith(`${part}/`))),
  );
  const files = names.sort().map((name) => programFile(name, readFileSync(join(home, name), 'utf8')));
  return [{ path: 'package.json', content: '{"type":"module"}\n' }, ...files, ...terminalBinary()];
}

/** What makes terminals: Node cannot by itself. Nothing on a machine for which there is none; terminals are then refused by name. */
function terminalBinary(): ProgramFile[] {
  const require = createRequire(import.meta.url);
  const besideIt = createRequire(require.resolve('@lydell/node-pty'));
  try {
    const path = besideIt.resolve(`@lydell/node-pty-${process.platform}-${process.arch}/pty.node`);
    return [{ path: 'pty.node', content: readFileSync(path) }];
  } catch {
    return [];
  }
}

function programFile(name: string, source: string): ProgramFile {
  if (name.endsWith('.js')) return { path: name, content: source };
  const plain = stripTypeScriptTypes(source);
  return { path: name.replace(/\.ts$/, '.js'), content: plain.replaceAll(/(from '\.[^']*)\.ts';/g, "$1.js';") };
}
