import type { Duplex } from 'node:stream';
import { DomainError, type Workspace } from '@devfactory/kit';

/** What the SOCKS protocol (RFC 1928) calls it. */
const version = 5;
const noLogin = 0;
const connectCommand = 1;
const addressKinds = { ipv4: 1, name: 3, ipv6: 4 } as const;
const replies = { done: 0, notAllowed: 2, refused: 5, unknownCommand: 7 } as const;
const requestBytes = 600;

/**
 * Shows one sandbox's loopback to a browser in another: takes SOCKS connections, and joins those to localhost with what listens in the
 * sandbox on that port. Everything else is refused. Never throws: whoever connects is untrusted.
 */
export function loopbackDoor(of: Pick<Workspace, 'connect'>): (connection: Duplex) => void {
  return (connection) => {
    connection.on('error', () => connection.destroy());
    void welcome(connection, of).catch(() => connection.destroy());
  };
}

async function welcome(connection: Duplex, of: Pick<Workspace, 'connect'>): Promise<void> {
  const reader = new Reader(connection);
  const [greeted, methods] = await reader.take(2);
  if (greeted !== version) throw new Error('no SOCKS connection');
  await reader.take(methods ?? 0);
  connection.write(Buffer.from([version, noLogin]));
  const [, command, , kind] = await reader.take(4);
  const host = await readHost(reader, kind);
  const port = Buffer.from(await reader.take(2)).readUInt16BE();
  if (command !== connectCommand) return refuse(connection, replies.unknownCommand);
  if (!isLoopback(host)) return refuse(connection, replies.notAllowed);
  let app: Duplex;
  try {
    app = await of.connect(port);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return refuse(connection, replies.refused);
  }
  connection.write(answer(replies.done));
  const rest = reader.release();
  if (rest.length > 0) app.write(rest);
  app.on('error', () => connection.destroy()).once('close', () => connection.destroy());
  connection.once('close', () => app.destroy());
  connection.pipe(app).pipe(connection);
}

async function readHost(reader: Reader, kind: number | undefined): Promise<string> {
  if (kind === addressKinds.ipv4) return (await reader.take(4)).join('.');
  if (kind === addressKinds.ipv6) return Buffer.from(await reader.take(16)).toString('hex');
  if (kind !== addressKinds.name) throw new Error('no kind of address');
  const [length] = await reader.take(1);
  return Buffer.from(await reader.take(length ?? 0))
    .toString('latin1')
    .toLowerCase();
}

function isLoopback(host: string): boolean {
  const ipv6 = `${'0'.repeat(31)}1`;
  return host === 'localhost' || host.endsWith('.localhost') || /^127(\.\d+){3}$/.test(host) || host === ipv6;
}

function refuse(connection: Duplex, reply: number): void {
  connection.end(answer(reply));
}

function answer(reply: number): Buffer {
  return Buffer.from([version, reply, 0, addressKinds.ipv4, 0, 0, 0, 0, 0, 0]);
}

/** Takes exactly so many bytes at a time of what is said before the connection is joined. */
class Reader {
  readonly #stream: Duplex;
  #kept = Buffer.alloc(0);
  #taken = 0;

  constructor(stream: Duplex) {
    this.#stream = stream;
  }

  async take(bytes: number): Promise<Uint8Array> {
    this.#taken += bytes;
    if (this.#taken > requestBytes) throw new Error('a request that does not end');
    while (this.#kept.length < bytes) {
      const chunk = this.#stream.read() as Buffer | null;
      if (chunk) this.#kept = Buffer.concat([this.#kept, chunk]);
      else await this.#more();
    }
    const part = this.#kept.subarray(0, bytes);
    this.#kept = this.#kept.subarray(bytes);
    return part;
  }

  /** What was read beyond the request. */
  release(): Buffer {
    return this.#kept;
  }

  #more(): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        this.#stream.off('readable', settle).off('end', settle).off('close', settle);
        if (this.#stream.readableEnded || this.#stream.destroyed) reject(new Error('it ended'));
        else resolve();
      };
      this.#stream.on('readable', settle).once('end', settle).once('close', settle);
    });
  }
}
