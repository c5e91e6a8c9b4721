import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { transform } from "rolldown/utils";
import { root, SetupError } from "./machine.mjs";

const isTest = /\.test\.tsx?$/;
const isTypeScript = /(?<!\.d)\.ts$/;

/**
 * Writes a project's src to its dist, file by file: types are dropped, not checked (`npm run check` does that), so a
 * first start needs no compiler. Other files are copied as they are. The same transformer runs the tests.
 */
export async function compileProject(project) {
  const source = join(root, project, "src");
  const target = join(root, project, "dist");
  const files = readdirSync(source, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !isTest.test(entry.name))
    .map((entry) => relative(source, join(entry.parentPath, entry.name)));
  const outputs = await Promise.all(files.map((file) => writeOutput({ source, target, file })));
  removeStale(target, outputs.flat());
}

/** Outputs of sources that are gone would still be importable; a project's own bundles are left alone. */
function removeStale(target, outputs) {
  const manifest = join(target, ".compiled.json");
  const before = existsSync(manifest) ? JSON.parse(readFileSync(manifest, "utf8")) : [];
  const now = new Set(outputs);
  for (const output of before) {
    if (!now.has(output)) rmSync(join(target, output), { force: true });
  }
  writeFileSync(manifest, JSON.stringify(outputs));
}

async function writeOutput({ source, target, file }) {
  const input = join(source, file);
  const content = readFileSync(input);
  if (!isTypeScript.test(file)) {
    write(join(target, file), content);
    return [file];
  }
  const output = file.replace(isTypeScript, ".js");
  const result = await transform(input, content.toString(), {
    lang: "ts",
    sourcemap: true,
    target: "es2024",
    tsconfig: false,
    decorator: { legacy: true },
    typescript: { onlyRemoveTypeImports: true, rewriteImportExtensions: true },
  });
  if (result.errors.length > 0) throw new SetupError(`${relative(root, input)}: ${result.errors[0].message}`);
  const from = relative(dirname(join(target, output)), input);
  write(join(target, output), `${result.code}\n//# sourceMappingURL=${basename(output)}.map\n`);
  write(join(target, `${output}.map`), JSON.stringify({ ...result.map, sources: [from], sourcesContent: undefined }));
  return [output, `${output}.map`];
}

/** Leaves an unchanged file alone: a running server may be reading it. */
function write(path, content) {
  const bytes = Buffer.from(content);
  if (existsSync(path) && readFileSync(path).equals(bytes)) return;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
}
