import { z } from 'zod';
import { ServiceName } from './service.ts';
import type { Command, SourceView } from './toolchain.ts';

const argv = z.array(z.string().max(8000)).min(1).max(100);

/**
 * `devfactory.json` in a project's root: the project's own words where detection would guess. `${PORT}` in `serve` is replaced.
 * What it names runs as project code: in phase 2, with loopback only.
 */
export const ProjectFile = z.strictObject({
  /** Id of the toolchain that these words are for. */
  toolchain: z.string().min(1).max(50),
  /** Where the project lies that these words are for, relative to the root; the root when not given. Commands run there. */
  folder: z
    .string()
    .max(200)
    .regex(/^[^/\0]+(?:\/[^/\0]+)*$/, 'is a folder below the root, without a slash at either end')
    .refine((path) => !path.split('/').some((part) => part === '.' || part === '..'), 'leads out of itself')
    .optional(),
  /** Starts the app in the foreground. */
  serve: argv.optional(),
  /** Starts it for people who look at it while it is worked on, in the foreground: a development server that shows changes. */
  preview: argv.optional(),
  /** Commands that build it, in order; [] when there is nothing to build. */
  build: z.array(argv).max(20).optional(),
  /** Servers for tests, started in every sandbox before commands of the project run. */
  services: z
    .array(ServiceName)
    .max(ServiceName.options.length)
    .refine((names) => new Set(names).size === names.length, 'names a service twice')
    .optional(),
});
export type ProjectFile = z.infer<typeof ProjectFile>;

export const projectFileName = 'devfactory.json';

/** The project's own file, for whichever toolchain it is; null when there is none, or it cannot be understood. */
export async function readAnyProjectFile(source: SourceView): Promise<ProjectFile | null> {
  const text = source.paths.includes(projectFileName) ? await source.read(projectFileName) : null;
  try {
    const parsed = ProjectFile.safeParse(JSON.parse(text ?? 'null'));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** What the project says for this toolchain: null when nothing, 'broken' with the reason when it cannot be understood. */
export async function readProjectFile(
  source: SourceView,
  toolchain: string,
): Promise<ProjectFile | { readonly broken: string } | null> {
  if (!source.paths.includes(projectFileName)) return null;
  const text = await source.read(projectFileName);
  if (text === null) return { broken: `${projectFileName} is too large` };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { broken: `${projectFileName} is no JSON` };
  }
  const parsed = ProjectFile.safeParse(value);
  if (!parsed.success) return { broken: `${projectFileName}: ${z.prettifyError(parsed.error)}` };
  return parsed.data.toolchain === toolchain ? parsed.data : null;
}

const buildMs = 600_000;

/** The project's own build commands; null when it names none. */
export function buildOf(words: ProjectFile | null, env: Command['env'] = {}): readonly Command[] | null {
  return words?.build?.map((argv) => ({ argv, env, timeoutMs: buildMs })) ?? null;
}

/** The project's own way to start; null when it names none. */
export function serveOf(words: ProjectFile | null, port: number, env: Command['env'] = {}): Command | null {
  if (!words?.serve) return null;
  return {
    argv: words.serve.map((word) => word.replaceAll('${PORT}', String(port))),
    env: { ...env, PORT: String(port), HOST: '127.0.0.1' },
    timeoutMs: 0,
  };
}

/** The project's own way to be looked at; null when it names none. */
export function previewOf(words: ProjectFile | null, port: number, env: Command['env'] = {}): Command | null {
  const command = words?.preview ? serveOf({ ...words, serve: words.preview }, port, env) : null;
  return command && words?.folder !== undefined ? { ...command, cwd: words.folder } : command;
}

/** A build step that says why nothing can be built. */
export function failingCommand(why: string): Command {
  return { argv: ['/bin/sh', '-c', 'printf "%s\\n" "$0" >&2; exit 1', why], timeoutMs: 10_000 };
}
