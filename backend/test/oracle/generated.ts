import type { Exercise } from './exercise.ts';

/** A function of one whole number: in Python, in what C's heirs share, in Go and in Rust. */
interface Task {
  readonly name: string;
  readonly python: string;
  /** `INT` stands for the language's word. */
  readonly braces: string;
  readonly go: string;
  readonly rust: string;
  readonly answers: readonly (readonly [number, number])[];
}

const tasks: readonly Task[] = [
  {
    name: 'digit sum',
    python: 's = 0\n    while n > 0:\n        s += n % 10\n        n //= 10\n    return s',
    braces: 'INT s = 0; while (n > 0) { INT d = n % 10; s += d; n = (n - d) / 10; } return s;',
    go: 's := 0; for n > 0 { s += n % 10; n /= 10 }; return s',
    rust: 'let mut n = n; let mut s = 0; while n > 0 { s += n % 10; n /= 10; } s',
    answers: [
      [7, 7],
      [38, 11],
      [9999, 36],
    ],
  },
  {
    name: 'steps of Collatz',
    python: 's = 0\n    while n != 1:\n        n = n // 2 if n % 2 == 0 else 3 * n + 1\n        s += 1\n    return s',
    braces: 'INT s = 0; while (n !== 1) { if (n % 2 == 0) n = n / 2; else n = 3 * n + 1; s += 1; } return s;',
    go: 's := 0; for n != 1 { if n%2 == 0 { n /= 2 } else { n = 3*n + 1 }; s++ }; return s',
    rust: 'let mut n = n; let mut s = 0; while n != 1 { n = if n % 2 == 0 { n / 2 } else { 3 * n + 1 }; s += 1; } s',
    answers: [
      [1, 0],
      [6, 8],
      [27, 111],
    ],
  },
  {
    name: 'count of divisors',
    python: 'return sum(1 for d in range(1, n + 1) if n % d == 0)',
    braces: 'INT c = 0; for (INT d = 1; d <= n; d++) { if (n % d == 0) c += 1; } return c;',
    go: 'c := 0; for d := 1; d <= n; d++ { if n%d == 0 { c++ } }; return c',
    rust: '(1..=n).filter(|d| n % d == 0).count() as i64',
    answers: [
      [1, 1],
      [12, 6],
      [97, 2],
    ],
  },
  {
    name: 'days of February',
    python: 'return 29 if n % 4 == 0 and (n % 100 != 0 or n % 400 == 0) else 28',
    braces: 'if (n % 4 == 0 && (n % 100 > 0 || n % 400 == 0)) return 29; return 28;',
    go: 'if n%4 == 0 && (n%100 != 0 || n%400 == 0) { return 29 }; return 28',
    rust: 'if n % 4 == 0 && (n % 100 != 0 || n % 400 == 0) { 29 } else { 28 }',
    answers: [
      [1900, 28],
      [2000, 29],
      [2023, 28],
      [2024, 29],
    ],
  },
];

interface Language {
  readonly name: string;
  readonly file: string;
  /** How it is built, once. */
  readonly build: string;
  /** How it is run, behind it the number. */
  readonly run: string;
  readonly program: (task: Task) => string;
  /** A program that gives a fixed number, as text of the language. */
  readonly returns: (value: string) => string;
}

/** The wrapper's `RETURN` is the function's body, given the number n. */
function language(
  name: string,
  how: {
    readonly file: string;
    readonly build?: string;
    readonly run: string;
    readonly wrapper: string;
    readonly body: (task: Task) => string;
    readonly returns?: string;
  },
): Language {
  const { file, build = 'true', run, wrapper, body, returns = 'return VALUE;' } = how;
  return {
    name,
    file,
    build,
    run,
    program: (task) => wrapper.replace('RETURN', () => body(task)),
    returns: (value) => wrapper.replace('RETURN', () => returns.replace('VALUE', value)),
  };
}

const braces = (int: string) => (task: Task) =>
  task.braces.replaceAll('INT', int).replaceAll('!==', int === 'let' ? '!==' : '!=');

const languages: readonly Language[] = [
  language('Python', {
    file: 'main.py',
    run: 'python3 main.py',
    wrapper: 'import sys\n\ndef f(n):\n    RETURN\n\nprint(f(int(sys.argv[1])))\n',
    body: (task) => task.python,
    returns: 'return VALUE',
  }),
  language('JavaScript', {
    file: 'main.js',
    run: 'node main.js',
    wrapper: 'function f(n) { RETURN }\nconsole.log(f(Number(process.argv[2])));\n',
    body: braces('let'),
  }),
  language('Go', {
    file: 'main.go',
    build: 'go build -o /tmp/f main.go',
    run: '/tmp/f',
    wrapper:
      'package main\n\nimport (\n\t"fmt"\n\t"os"\n\t"strconv"\n)\n\nfunc f(n int) int { RETURN }\n\nfunc main() {\n\tn, _ := strconv.Atoi(os.Args[1])\n\tfmt.Println(f(n))\n}\n',
    body: (task) => task.go,
    returns: 'return VALUE',
  }),
  language('Java', {
    file: 'Main.java',
    run: 'java Main.java',
    wrapper:
      'public class Main {\n  static long f(long n) { RETURN }\n\n  public static void main(String[] words) {\n    System.out.println(f(Long.parseLong(words[0])));\n  }\n}\n',
    body: braces('long'),
  }),
  language('Rust', {
    file: 'main.rs',
    build: 'rustc -o /tmp/f main.rs',
    run: '/tmp/f',
    wrapper:
      'fn f(n: i64) -> i64 { RETURN }\n\nfn main() {\n    let n = std::env::args().nth(1).unwrap().parse().unwrap();\n    println!("{}", f(n));\n}\n',
    body: (task) => task.rust,
  }),
  language('C++', {
    file: 'main.cpp',
    build: 'g++ -o /tmp/f main.cpp',
    run: '/tmp/f',
    wrapper:
      '#include <cstdlib>\n#include <iostream>\n\nlong f(long n) { RETURN }\n\nint main(int, char **words) {\n  std::cout << f(std::atol(words[1])) << "\\n";\n}\n',
    body: braces('long'),
  }),
];

/** Every task in every language, with a solution, a stub that knows one answer, one that is off by one, and one that is no program. */
export function generatedExercises(): Exercise[] {
  return tasks.flatMap((task) =>
    languages.map((language): Exercise => {
      const { file } = language;
      const right = language.program(task);
      const [[, first] = [0, 0]] = task.answers;
      const numbers = task.answers.map(([n]) => n).join(' ');
      const off = right.replace(/\bf\((int\(sys|Number\(|n\)\)|n\);|Long|std::atol)/, (call) => `1 + ${call}`);
      return {
        name: `${task.name} in ${language.name}`,
        language: language.name,
        base: {},
        right: { [file]: right },
        wrong: {
          'a stub': { [file]: language.returns(String(first)) },
          'off by one': { [file]: off },
          'no program': { [file]: right.slice(0, -20) },
        },
        check: {
          kind: 'command',
          argv: [
            '/bin/bash',
            '-c',
            `${language.build} && for n in ${numbers}; do echo "f($n)=[$(${language.run} $n)]"; done`,
          ],
          files: [],
          expect: { exitCode: 0, stdoutIncludes: task.answers.map(([n, answer]) => `f(${n})=[${answer}]`) },
        },
      };
    }),
  );
}
