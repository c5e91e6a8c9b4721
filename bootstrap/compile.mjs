import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { rolldown } from 'rolldown';
import { root } from './machine.mjs';

const isTest = /\.test\.tsx?$/;
const isTypeScript = /(?<!\.d)\.ts$/;

/**
 * Writes a project's src to its dist, one module for one module: types are dropped, not checked (`npm run check` does
 * that), so a first start needs no compiler. Other files are copied as they are. The tests run on the same transformer.
 */
export async function compileProject(project) {
  const source = join(root, project, 'src');
  const target = join(root, project, 'dist');
  const files = readdirSync(source, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !isTest.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(source.length + 1));
  const modules = await transformModules(source, files.filter(belongsToRuntime));
  const others = files.filter((file) => !isTypeScript.test(file));
  const outputs = [...modules, ...others.map((file) => ({ file, content: readFileSync(join(source, file)) }))];
  for (const { file, content } of outputs) write(join(target, file), content);
  removeStale(
    target,
    outputs.map(({ file }) => file),
  );
}

/** kit's `testing` needs vitest, which a first start does not install. */
function belongsToRuntime(file) {
  return isTypeScript.test(file) && !file.startsWith('testing/');
}

/** Packages stay imports; the decorator helpers come out of the transformer itself. */
function isForeign(id) {
  return !/^[./\0]/.test(id) && !id.startsWith('@oxc-project/runtime/');
}

async function transformModules(source, files) {
  const bundle = await rolldown({
    input: Object.fromEntries(files.map((file) => [file.replace(isTypeScript, ''), join(source, file)])),
    external: isForeign,
    optimization: { inlineConst: false },
    platform: 'node',
    treeshake: false,
    tsconfig: false,
    transform: {
      target: 'es2024',
      decorator: { legacy: true },
      typescript: { onlyRemoveTypeImports: true },
    },
  });
  const { output } = await bundle.generate({
    format: 'es',
    preserveModules: true,
    preserveModulesRoot: source,
    entryFileNames: '[name].js',
    sourcemap: true,
    sourcemapExcludeSources: true,
  });
  await bundle.close();
  return output.map((each) => ({ file: each.fileName, content: Buffer.from(each.code ?? each.source) }));
}

/** Leaves an unchanged file alone: a running server may be reading it. */
function write(path, content) {
  if (existsSync(path) && readFileSync(path).equals(content)) return;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

/** Outputs of sources that are gone would still be importable; a project's own bundles are left alone. */
function removeStale(target, outputs) {
  const manifest = join(target, '.compiled.json');
  const before = existsSync(manifest) ? JSON.parse(readFileSync(manifest, 'utf8')) : [];
  const now = new Set(outputs);
  for (const output of before) {
    if (!now.has(output)) rmSync(join(target, output), { force: true });
  }
  writeFileSync(manifest, JSON.stringify(outputs));
}
