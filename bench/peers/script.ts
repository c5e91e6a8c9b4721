import type { ModelServerRequest, ModelTurn } from '@devfactory/kit/testing/model-server';
import { extendsWire, readWire, type Said } from './wire.ts';

/** What goes wrong, once: the connection at this share of an answer, or a history that is too long. */
export type Trouble =
  | { readonly kind: 'none' }
  | { readonly kind: 'cut'; readonly at: number }
  | { readonly kind: 'overflow' };

export const steps = 30;
const cutAtStep = 5;
/** From there on steps print much, until the model says that it is too much. */
const longFromStep = 4;
const longAtStep = 12;
const shellName = /^(bash|shell|exec_command|run_shell_command|run_commands|execute_command)$/i;
const finishName = /^(finish|attempt_completion|submit_and_exit)$/;

interface Heard {
  readonly body: string;
  readonly at: number;
  /** False for titles, summaries and whatever else is asked beside the work. */
  readonly work: boolean;
  readonly refused: boolean;
}

export interface Told {
  readonly requests: number;
  readonly beside: number;
  readonly firstBytes: number;
  readonly bytes: number;
  /** Requests of the work that do not hold all of the one before. */
  readonly broken: number;
  /** From one request of the work to the next. */
  readonly stepMs: readonly number[];
  readonly answered: number;
}

/** A model that gives thirty steps, each a command of the same kind, to whoever has a tool that runs commands. */
export class TaskScript {
  readonly heard: Heard[] = [];
  readonly #trouble: Trouble;
  #answered = 0;
  #cutWith: number | null = null;
  #tooLong = Infinity;

  constructor(trouble: Trouble) {
    this.#trouble = trouble;
  }

  answer({ body, path }: Pick<ModelServerRequest, 'body' | 'path'>): ModelTurn {
    const { tools, results, object } = readWire(body);
    const shell = tools.find(({ name }) => shellName.test(name));
    const hear = (more: Pick<Heard, 'work' | 'refused'>): void =>
      void this.heard.push({ body, at: performance.now(), ...more });
    if (this.#trouble.kind === 'overflow' && this.#answered + 1 === longAtStep && this.#tooLong === Infinity)
      this.#tooLong = body.length;
    if (body.length >= this.#tooLong) {
      hear({ work: shell !== undefined, refused: true });
      return { fault: { kind: 'status', status: 400, body: overflow(path) } };
    }
    hear({ work: shell !== undefined, refused: false });
    if (!shell && object) return { text: JSON.stringify(mapValues(object)) };
    if (!shell) return { text: 'Thirty steps: a program that greets, and notes about it. The work goes on.' };
    // An answer that was cut at its very end can have been taken in all the same.
    if (this.#cutWith !== null && results > this.#cutWith) this.#answered += 1;
    const step = this.#answered + 1;
    const long = this.#trouble.kind === 'overflow' && step >= longFromStep && step < longAtStep;
    const finish = tools.find(({ name }) => finishName.test(name));
    const said = turnOf(step, { shell, finish, long });
    const usage = { input: Math.ceil(body.length / 4), cached: 0, output: 50 };
    const turn = { ...said, usage };
    if (this.#trouble.kind === 'cut' && step === cutAtStep && this.#cutWith === null) {
      this.#cutWith = results;
      return { ...turn, fault: { kind: 'cut', at: this.#trouble.at } };
    }
    if (this.#cutWith !== null) this.#cutWith = Infinity;
    this.#answered += 1;
    return turn;
  }

  tell(): Told {
    const work = this.heard.filter((request) => request.work);
    const sizes = this.heard.map(({ body }) => Buffer.byteLength(body));
    return {
      requests: this.heard.length,
      beside: this.heard.length - steps,
      firstBytes: Buffer.byteLength(work[0]?.body ?? ''),
      bytes: sizes.reduce((sum, size) => sum + size, 0),
      broken: work.slice(1).filter(({ body }, at) => !extendsWire(work[at]?.body ?? body, body)).length,
      stepMs: work.slice(1).map(({ at }, before) => at - (work[before]?.at ?? at)),
      answered: this.#answered,
    };
  }
}

/** In the words of each vendor; clients know them by their codes. */
function overflow(path: string): string {
  if (path.includes('generateContent') || path.includes('GenerateContent'))
    return JSON.stringify({
      error: {
        code: 400,
        message: 'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).',
        status: 'INVALID_ARGUMENT',
      },
    });
  const message = "This model's maximum context length is 200000 tokens. Please reduce the length of the messages.";
  return JSON.stringify({
    error: { message, type: 'invalid_request_error', param: 'messages', code: 'context_length_exceeded' },
  });
}

interface Tools {
  readonly shell: Said['tools'][number];
  readonly finish: Said['tools'][number] | undefined;
  readonly long: boolean;
}

function turnOf(step: number, { shell, finish, long }: Tools): ModelTurn {
  if (step >= steps) {
    const summary = 'All is done.';
    const input = Object.fromEntries((finish?.fields ?? []).map((field) => [field, summary]));
    return finish === undefined ? { text: summary } : { calls: [{ name: finish.name, input }] };
  }
  const { fields } = shell;
  const command = `${commandOf(step)}${long ? `; seq 200 | xargs printf '%0100d\\n'` : ''}`;
  const input = {
    ...(fields.includes('commands')
      ? { commands: [command] }
      : { [fields.includes('cmd') ? 'cmd' : 'command']: command }),
    ...(fields.includes('is_background') ? { is_background: false } : {}),
    ...(fields.includes('requires_approval') ? { requires_approval: false } : {}),
    ...(fields.includes('description') ? { description: `step ${step}` } : {}),
  };
  return { text: `Step ${step}.`, calls: [{ name: shell.name, input }] };
}

/** Each leaves its number, so that what was done can be told from what was said. */
function commandOf(step: number): string {
  return `echo ${step} >> steps.txt; ${work(step)}`;
}

function work(step: number): string {
  if (step === 1) return 'echo \'echo "Hello, $1!"\' > greet.sh; mkdir notes';
  const note = `notes/${step - (step % 3)}.md`;
  if (step % 3 === 0) return `echo '# ${step} ${'words '.repeat(40)}' > ${note}`;
  if (step % 3 === 1) return `sed -i 's/^# /## /' ${note}; cat ${note}`;
  return 'bash greet.sh Ada; ls notes | wc -l';
}

/** An answer to a question about the work itself (is this a loop?): nothing is wrong with it. */
function mapValues(fields: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(
    Object.entries(fields).map(([name, schema]) => [name, JSON.stringify(schema).includes('umber') ? 0 : '']),
  );
}
