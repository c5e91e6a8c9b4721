import type { Workspace } from '@devfactory/kit';

/** Every place that a process of a sandbox may write to. */
const writable = ['/workspace', '/home/dev', '/tmp', '/dev/shm', '/run'];
/** Folders that are needed, empty: the supervisor keeps pipes there for what it starts. */
const needed = ['/run/supervisor', '/run/supervisor/pipes'];

/** Removes all that lies in the folders given, but for what is to be kept. A folder that has become a link is no longer the one meant. */
const script = [
  'shopt -s dotglob nullglob; declare -A keep; doomed=(); n=$1; shift',
  'while ((n-- > 0)); do keep[$1]=1; shift; done',
  'for folder; do [[ -d $folder && ! -L $folder ]] || exit 1',
  'for item in "$folder"/*; do [[ -n ${keep[$item]} ]] || doomed+=("$item"); done; done',
  '((${#doomed[@]} == 0)) || exec /bin/rm -rf -- "${doomed[@]}"',
].join('\n');

/**
 * Empties a sandbox in which nothing runs any more: the end of each command is the end of every process that it left. What is mounted into
 * the workspace (paths relative to it) stays. False when something could not be removed: then it is to be given up. Run only before a mutant,
 * never before what is evidence: a process could still tell by its number that it is not the first.
 */
export async function isEmptied(workspace: Workspace, mounted: readonly string[]): Promise<boolean> {
  const { folders, kept } = around(mounted);
  const { exitCode } = await workspace.exec({
    argv: ['/bin/bash', '--norc', '-c', script, 'empty', String(kept.length), ...kept, ...writable, ...folders],
    timeoutMs: 60_000,
  });
  return exitCode === 0;
}

/** The mounts, and the folders between the workspace and them, whose other contents go. */
function around(mounted: readonly string[]): { readonly folders: readonly string[]; readonly kept: readonly string[] } {
  const mounts = new Set(mounted.map((path) => `/workspace/${path}`));
  const above = new Set<string>();
  for (const mount of mounts)
    for (let at = mount.lastIndexOf('/'); at > '/workspace'.length; at = mount.lastIndexOf('/', at - 1))
      above.add(mount.slice(0, at));
  const between = [...above].filter((folder) => ![...mounts].some((mount) => `${folder}/`.startsWith(`${mount}/`)));
  const folders = [...needed, ...between];
  return { folders, kept: [...mounts, ...folders] };
}
