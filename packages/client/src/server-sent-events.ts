/** One message of an event stream. `id` is the last one the server named, as the standard has it. */
export interface ServerSentEvent {
  readonly id: string;
  readonly event: string;
  readonly data: string;
}

/**
 * Reads an event stream. `onBytes` is called for everything that arrives, heartbeats included. Ends when the stream ends and
 * throws when it breaks; a message without its closing blank line is dropped, because it may be cut.
 */
export async function* readServerSentEvents(
  body: ReadableStream<Uint8Array>,
  onBytes: () => void,
): AsyncGenerator<ServerSentEvent> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const message = new MessageBuffer();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      onBytes();
      const lines = (rest + decoder.decode(value, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const whole = message.take(line.endsWith('\r') ? line.slice(0, -1) : line);
        if (whole) yield whole;
      }
    }
  } finally {
    // Leaving early must close the connection, or the server goes on sending into it.
    await reader.cancel().catch(() => undefined);
  }
}

class MessageBuffer {
  #id = '';
  #event = '';
  #data: string[] = [];

  /** Takes one line; gives the message that a blank line completes. */
  take(line: string): ServerSentEvent | null {
    if (line === '') return this.#complete();
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'id') this.#id = value;
    else if (field === 'event') this.#event = value;
    else if (field === 'data') this.#data.push(value);
    return null;
  }

  #complete(): ServerSentEvent | null {
    const whole =
      this.#data.length > 0 ? { id: this.#id, event: this.#event || 'message', data: this.#data.join('\n') } : null;
    this.#event = '';
    this.#data = [];
    return whole;
  }
}
