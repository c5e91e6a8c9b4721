const firstPort = 3000;

/** The first usual port that nobody listens on. */
export function freePort(taken: readonly number[]): number {
  let port = firstPort;
  while (taken.includes(port)) port += 1;
  return port;
}

/** As a person would type it: without the shell that puts the project's tools on PATH. */
export function commandOf(argv: readonly string[]): string {
  const [shell, flag, script = '', , ...rest] = argv;
  const words = shell === '/bin/sh' && flag === '-c' && script.startsWith('PATH=') ? rest : argv;
  const plain = words[0] === '/bin/sh' && words[1] === '-c' ? words.slice(2) : words;
  return plain.join(' ').slice(0, 300);
}
