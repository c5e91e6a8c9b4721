import type { Channel } from '../protocol/channel.ts';
import { ProtocolError } from '../protocol/protocol-error.ts';
import { answer, ExecReport } from './answers.ts';

export interface ExecSpec {
  readonly argv: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string | Uint8Array;
  readonly timeoutMs: number;
  readonly outputBytes?: number;
}

export interface ExecResult {
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly timedOut: boolean;
  readonly stdout: string;
  readonly stderr: string;
  readonly dropped: number;
  readonly durationMs: number;
}

/** One command in the sandbox, seen from the host. */
export class RemoteCommand {
  readonly result: Promise<ExecResult>;
  readonly #channel: Channel;
  readonly #limit: number;
  #head: Buffer = Buffer.alloc(0);
  #tail: Buffer = Buffer.alloc(0);
  #dropped = 0;

  constructor(channel: Channel, spec: ExecSpec, limit: number) {
    this.#channel = channel;
    this.#limit = limit;
    this.result = this.#follow();
    // Whoever waits for the result sees its failure; if nobody does, it is nobody's.
    this.result.catch(() => undefined);
    void feed(channel, spec.stdin);
  }

  /** Output so far, both streams together as they came. */
  output(): string {
    return joinText(this.#head, this.#tail, this.#dropped);
  }

  async #follow(): Promise<ExecResult> {
    for (;;) {
      const report = await answer(this.#channel, ExecReport);
      if (report.is === 'exit') return this.#finish(report);
      const bytes = await this.#take(report.size);
      if (report.is === 'tail') this.#tail = bytes;
      else if (this.#head.length + bytes.length > this.#limit)
        throw new ProtocolError('More output came than was asked for.');
      else this.#head = Buffer.concat([this.#head, bytes]);
      this.#dropped = report.dropped;
    }
  }

  async #finish(report: ExecReport & { readonly is: 'exit' }): Promise<ExecResult> {
    const { exitCode, signal, timedOut, durationMs, sizes, dropped } = report;
    const stdout = joinText(await this.#take(sizes[0]), await this.#take(sizes[1]), dropped[0]);
    const stderr = joinText(await this.#take(sizes[2]), await this.#take(sizes[3]), dropped[1]);
    this.#channel.end();
    return { exitCode, signal, timedOut, stdout, stderr, dropped: dropped[0] + dropped[1], durationMs };
  }

  async #take(size: number): Promise<Buffer> {
    if (size > this.#limit) throw new ProtocolError('More output came than was asked for.');
    const parts: Buffer[] = [];
    for await (const bytes of this.#channel.data(size)) parts.push(bytes);
    return Buffer.concat(parts, size);
  }
}

function joinText(head: Buffer, tail: Buffer, dropped: number): string {
  if (dropped === 0) return Buffer.concat([head, tail]).toString('utf8');
  return `${head.toString('utf8')}\n[${dropped} bytes left out]\n${tail.toString('utf8')}`;
}

async function feed(channel: Channel, stdin: string | Uint8Array | undefined): Promise<void> {
  try {
    if (stdin !== undefined) await channel.write(typeof stdin === 'string' ? Buffer.from(stdin) : stdin);
    channel.end();
  } catch {
    // The command ended, or the sandbox did: its result says so.
  }
}
