import type { Duplex } from 'node:stream';

const patienceMs = 5_000;

/** Whether something that speaks HTTP answers well at the other end. Whatever it answers is looked at no further than its first line. */
export async function isHealthy(connect: () => Promise<Duplex>): Promise<boolean> {
  try {
    const connection = await connect();
    const timer = setTimeout(() => connection.destroy(), patienceMs);
    try {
      connection.write('GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n');
      for await (const chunk of connection as AsyncIterable<Buffer>)
        return /^HTTP\/1\.[01] 200 /.test(chunk.subarray(0, 40).toString('latin1'));
      return false;
    } finally {
      clearTimeout(timer);
      connection.destroy();
    }
  } catch {
    return false;
  }
}
