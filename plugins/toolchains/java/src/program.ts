import type { Command, SourceView } from '@devfactory/kit';
import { dependencies, jvmFlags } from './jvm.ts';

const looked = 80;
const serverWords =
  /HttpServer|ServerSocket|SpringApplication|Javalin|Undertow|\bVertx|jetty|netty|SparkJava|Helidon|Quarkus|Micronaut/;

export interface Program {
  readonly main: string;
  readonly name: string;
  readonly serves: boolean;
}

/** The class with a main method; where several have one, the one that a server's words or a usual name speak for. */
export async function programOf(
  source: SourceView,
  { name, main }: { readonly name: string; readonly main: string | null },
): Promise<Program | null> {
  const files = source.paths.filter((path) => /^src\/main\/java\/.+\.java$/.test(path)).slice(0, looked);
  const texts = await Promise.all(files.map(async (path) => ({ path, text: (await source.read(path)) ?? '' })));
  const mains = texts.filter(({ text }) => /\bstatic\s+void\s+main\s*\(/.test(text));
  const rank = ({ path, text }: { readonly path: string; readonly text: string }): number =>
    (serverWords.test(text) ? 2 : 0) + (/(?:Main|App|Application|Server)\.java$/.test(path) ? 1 : 0);
  const [best] = mains.toSorted((a, b) => rank(b) - rank(a));
  if (!best) return null;
  return {
    main: main ?? best.path.slice('src/main/java/'.length, -'.java'.length).replaceAll('/', '.'),
    name,
    serves: texts.some(({ text }) => serverWords.test(text)),
  };
}

/** Starts it from the classes that the build made. */
export function start(program: Program, port: number): Command {
  const script = `exec java ${jvmFlags} -cp "target/classes:$(cat ${dependencies}/classpath)" "$0"`;
  return {
    argv: ['/bin/sh', '-c', script, program.main],
    env: { PORT: String(port), HOST: '127.0.0.1' },
    timeoutMs: 0,
  };
}

/** Shell: a command on PATH that starts the program, given its name and its main class as $1 and $2. */
export const programScript = `
if [ "$#" -eq 2 ]; then
  mkdir -p .devfactory/bin
  printf '#!/bin/sh\\nexec java ${jvmFlags} -cp "%s/target/classes:%s" %s "$@"\\n' "$PWD" "$(cat ${dependencies}/classpath)" "$2" > ".devfactory/bin/$1"
  chmod 755 ".devfactory/bin/$1"
fi
`;

export function scriptOf(program: Program | null): string[] {
  return program === null ? [] : [program.name, program.main];
}
