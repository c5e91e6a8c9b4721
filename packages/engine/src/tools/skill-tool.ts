import { guidanceInForce } from '@devfactory/contracts';
import type { Workspace } from '@devfactory/kit';
import { SkillFiles } from '../guidance/skill-files.ts';
import { failed, ok, type InputOf, type ToolContext, type ToolOutcome } from './tool.ts';

const shownFiles = 50;

/**
 * A skill's words, as a person declared or trusted them. Files that a person declared with it are laid outside of the project; those of
 * the project's own skills lie in it.
 */
export async function skill({ session }: ToolContext, { name }: InputOf<'skill'>): Promise<ToolOutcome> {
  const inForce = guidanceInForce(session.state.guidance).filter(({ item }) => item.kind === 'skill');
  const found = inForce.find(({ item }) => item.name === name);
  const { blobs } = session.deps;
  if (!found?.item.body) {
    const names = inForce.map(({ item }) => item.name).join(', ') || 'none';
    return failed(`There is no skill ${name} that may be followed. There are: ${names}.`);
  }
  const { from, item } = found;
  const text = new TextDecoder().decode(await blobs.get(found.item.body));
  const files =
    item.manifest === undefined
      ? []
      : SkillFiles.parse(JSON.parse(new TextDecoder().decode(await blobs.get(item.manifest))));
  if (from === 'project') {
    const folder = item.path.slice(0, -'/SKILL.md'.length);
    const others = files.map(({ path }) => path).filter((path) => path !== 'SKILL.md');
    return ok(`${text}\n\n[This skill's folder is ${folder}.${listed(others)}]`);
  }
  const own = files.flatMap((file) => ('text' in file ? [file] : []));
  if (own.length === 0) return ok(text);
  const folder = `/tmp/skills/${item.name}`;
  const workspace = await session.workspace();
  for (const file of own) {
    const trouble = await lay(workspace, `${folder}/${file.path}`, file.text);
    if (trouble !== null) return failed(`The files of skill ${name} could not be laid out: ${trouble}`);
  }
  return ok(`${text}\n\n[This skill's folder is ${folder}.${listed(own.map(({ path }) => path))}]`);
}

function listed(paths: readonly string[]): string {
  if (paths.length === 0) return '';
  const more = paths.length > shownFiles ? ` and ${paths.length - shownFiles} more` : '';
  return ` It holds ${paths.slice(0, shownFiles).join(', ')}${more}.`;
}

/** Null when it is there. */
async function lay(workspace: Workspace, path: string, text: string): Promise<string | null> {
  const done = await workspace.exec({
    argv: ['/bin/bash', '-c', 'mkdir -p -- "$(dirname -- "$1")" && cat > "$1"', 'lay', path],
    stdin: text,
    timeoutMs: 30_000,
    outputBytes: 2_000,
  });
  return done.exitCode === 0 ? null : done.stderr.trim() || `exit ${done.exitCode}`;
}
