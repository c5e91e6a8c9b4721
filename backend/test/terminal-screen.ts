import { WebSocket } from 'ws';
import { eventually, type Factory } from './factory.ts';

/** A person at a new terminal of a run, who shows all they get at once. */
export class Typing {
  readonly #socket: WebSocket;
  text = '';

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    let place = 0;
    socket.on('error', () => undefined);
    socket.on('message', (data: Buffer, isBinary) => {
      if (!isBinary) return;
      this.text = (this.text + data.toString()).slice(-50_000);
      place += data.length;
      socket.send(JSON.stringify({ shown: place }));
    });
  }

  static async at(factory: Factory, runId: string): Promise<Typing> {
    const opened = await factory.ask(`/api/runs/${runId}/terminals`, { json: { cols: 100, rows: 30 } });
    if (opened.status !== 201) throw new Error(opened.text);
    const { id } = opened.json as { readonly id: string };
    const url = `${factory.server.url.replace('http', 'ws')}/api/runs/${runId}/terminals/${id}/socket`;
    const typing = new Typing(new WebSocket(url, { headers: { authorization: `Bearer ${factory.token}` } }));
    await typing.sees(/\$ $/);
    return typing;
  }

  /** Types a line and waits until the shell has done it. */
  async run(line: string): Promise<void> {
    const word = `done${Math.random().toString(36).slice(2)}`;
    this.#socket.send(Buffer.from(`${line}; echo ${word.slice(0, 6)}""${word.slice(6)}\r`));
    await this.sees(new RegExp(word));
  }

  type(text: string): void {
    this.#socket.send(Buffer.from(text));
  }

  sees(pattern: RegExp): Promise<void> {
    return eventually(async () => {
      if (!pattern.test(this.text))
        throw new Error(`${String(pattern)} is not on the screen:\n${this.text.slice(-200)}`);
    });
  }

  close(): void {
    this.#socket.close();
  }
}
