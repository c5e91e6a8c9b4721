import { TerminalWord, type TerminalNote, type TerminalSize } from '@devfactory/contracts';
import { commonOptions, serverOptions, type Command } from '../command.ts';
import { exitCodes } from '../exit-code.ts';
import { CliError } from '../failure.ts';
import { withServer } from '../server/connect.ts';
import { runOf } from './run-argument.ts';

/** Typed where what was piped in ends: Ctrl-D would be lost while a program runs that does not read. */
const endOfInput = Uint8Array.from(Buffer.from('exit\r'));
/** Where there is no screen of ours. */
const plain: TerminalSize = { cols: 80, rows: 24 };

export const shell: Command = {
  name: 'shell',
  about: 'a shell in a run’s workspace, beside its agent and on the same files; ends with the shell’s own exit code',
  words: 'RUN',
  count: { least: 1, most: 1 },
  options: { ...serverOptions, ...commonOptions },
  run: (invocation) =>
    withServer(invocation, async ({ client, socket }) => {
      const runId = await runOf(client, invocation.arguments.words[0] ?? '');
      const { id } = await client.terminals.open(runId, sizeNow());
      try {
        return await attend(socket(client.terminals.socketPath(runId, id, null)));
      } finally {
        await client.terminals.close(runId, id).catch(() => undefined);
      }
    }),
};

/** Joins this process's keyboard and screen to the socket until the shell ends. Throws when the connection breaks before. */
async function attend(socket: WebSocket): Promise<number> {
  const { stdin, stdout } = process;
  socket.binaryType = 'arraybuffer';
  const tell = (note: TerminalNote): void => socket.send(JSON.stringify(note));
  const type = (bytes: Uint8Array<ArrayBuffer>): void => {
    if (socket.readyState === WebSocket.OPEN) socket.send(bytes);
  };
  const resize = (): void => tell({ size: sizeNow() });
  const ended = Promise.withResolvers<number>();
  let place = 0;
  let isAsked = false;
  const listen = (): void => {
    isAsked = true;
    if (stdin.isTTY) stdin.setRawMode(true);
    stdin.on('data', type);
    stdin.once('end', () => type(endOfInput));
    stdout.on('resize', resize);
  };
  socket.addEventListener('message', ({ data }: { readonly data: unknown }) => {
    if (data instanceof ArrayBuffer) {
      // What is typed before the shell has shown itself would be shown twice.
      if (!isAsked) listen();
      place += data.byteLength;
      // Its program goes no faster than this screen.
      stdout.write(new Uint8Array(data), () => socket.readyState === WebSocket.OPEN && tell({ shown: place }));
      return;
    }
    const word = TerminalWord.parse(JSON.parse(String(data)));
    if (word.is === 'screen') place = word.from;
    else ended.resolve(word.ended.exitCode ?? exitCodes.failed);
  });
  socket.addEventListener('close', () =>
    ended.reject(new CliError('The connection to the shell was lost. What it did is in the workspace.')),
  );
  try {
    return await ended.promise;
  } finally {
    if (stdin.isTTY) stdin.setRawMode(false);
    stdin.off('data', type).pause();
    stdout.off('resize', resize);
    socket.close();
  }
}

function sizeNow(): TerminalSize {
  const { columns, rows } = process.stdout;
  return process.stdout.isTTY ? { cols: columns, rows } : plain;
}
