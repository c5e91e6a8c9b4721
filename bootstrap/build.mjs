import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { runQuietly } from './child.mjs';
import { main, root, say, SetupError } from './machine.mjs';
import { buildStamp, projects, sourceDigest } from './sources.mjs';

/** Compiles every project, then lets each workspace that has a `build` script make its own bundle. */
async function build() {
  const { compileProject } = await import('./compile.mjs');
  const started = performance.now();
  const digest = sourceDigest();
  rmSync(buildStamp, { force: true });
  const failed = [];
  for (const project of projects()) {
    try {
      if (project !== 'frontend') await compileProject(project);
      await runOwnBuild(project);
    } catch (error) {
      // The bundler's errors are the sources' faults: their text says it all. Go on, to show every room's at once.
      say(`${project}: ${plain(error.message)}`);
      failed.push(project);
    }
  }
  if (failed.length > 0) throw new SetupError(`these did not build: ${failed.join(', ')}; the reasons are above.`);
  mkdirSync(dirname(buildStamp), { recursive: true });
  // The digest from before the build: what was edited meanwhile is built next time.
  writeFileSync(buildStamp, digest);
  say(`Built in ${((performance.now() - started) / 1000).toFixed(1)} s.`);
  return 0;
}

/** Colours of a message that was meant for a terminal would be noise in a log. */
function plain(text) {
  return process.stderr.isTTY ? text : stripVTControlCharacters(text);
}

/** A project that needs more than compiling (a bundle, the web interface) says so in its package.json. */
async function runOwnBuild(project) {
  const cwd = join(root, project);
  const script = JSON.parse(readFileSync(join(cwd, 'package.json'), 'utf8')).scripts?.build;
  if (script === undefined) return;
  // npm would do the same half a second slower, and old versions of it do not run on our Node.
  const path = `${join(root, 'node_modules/.bin')}${delimiter}${process.env['PATH']}`;
  const { code, output } = await runQuietly(['sh', '-c', script], { cwd, env: { ...process.env, PATH: path } });
  // Lists of what a bundler made say nothing to who only wants to start.
  if (code !== 0) throw new Error(`its build script ended with exit code ${code}.\n${output.trimEnd()}`);
}

await main(build);
