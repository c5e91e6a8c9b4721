import { limits, utf8Length } from '@devfactory/contracts';
import { UsageError } from '../failure.ts';
import { typed } from '../typed.ts';
import { decodeText } from './text-file.ts';

/** The prompt from the words of the command line, or from stdin when it is '-'. Throws UsageError when it is empty or too long. */
export async function readPrompt(words: readonly string[]): Promise<string> {
  const prompt = (words.length === 1 && words[0] === '-' ? await readStdin() : words.join(' ')).trim();
  if (prompt === '')
    throw new UsageError(
      `The prompt is empty: say what should be built, e.g. ${typed('run "Build a Flask API with JWT auth"')}`,
    );
  if (utf8Length(prompt) > limits.promptBytes) {
    throw new UsageError(
      `The prompt is too long: at most ${limits.promptBytes} bytes. Put details into a requirements file (--requirements FILE) or into the source folder (--source DIR).`,
    );
  }
  return prompt;
}

async function readStdin(): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    // White space around it does not count, hence some more than the limit.
    if (bytes > limits.promptBytes + 65_536)
      throw new UsageError(`The prompt on stdin is too long: at most ${limits.promptBytes} bytes.`);
    chunks.push(chunk);
  }
  return decodeText(Buffer.concat(chunks), 'The prompt on stdin');
}
