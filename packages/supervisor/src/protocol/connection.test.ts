import { duplexPair } from 'node:stream';
import type { Duplex } from 'node:stream';
import { afterEach, expect, test } from 'vitest';
import type { Channel } from './channel.ts';
import { channelWindow } from './channel.ts';
import { Connection } from './connection.ts';
import { encodeFrame, FrameReader, frameType, maxPayload } from './frame.ts';
import type { Frame } from './frame.ts';

const open: Connection[] = [];
afterEach(() => {
  for (const connection of open.splice(0)) connection.close(null);
});

interface End {
  readonly connection: Connection;
  readonly opened: Promise<Channel>;
  readonly closed: Promise<Error | null>;
}

function end(stream: Duplex, side: 'host' | 'sandbox', maxForeignChannels = 10): End {
  const opened = Promise.withResolvers<Channel>();
  const closed = Promise.withResolvers<Error | null>();
  const connection = new Connection(stream, {
    side,
    maxForeignChannels,
    onOpen: opened.resolve,
    onClose: closed.resolve,
  });
  open.push(connection);
  return { connection, opened: opened.promise, closed: closed.promise };
}

function pair(): { host: End; sandbox: End } {
  const [a, b] = duplexPair();
  return { host: end(a, 'host'), sandbox: end(b, 'sandbox') };
}

test('frames come out as they went in, however the stream is cut', () => {
  const frames: Frame[] = [
    { type: frameType.open, channel: 1, payload: Buffer.from('{}') },
    { type: frameType.data, channel: 4_294_967_295, payload: Buffer.alloc(100_000, 'x') },
    { type: frameType.end, channel: 3, payload: Buffer.alloc(0) },
  ];
  const bytes = Buffer.concat(frames.map(encodeFrame));
  for (const size of [1, 7, 9, 4_096, bytes.length]) {
    const reader = new FrameReader();
    const got: Frame[] = [];
    for (let at = 0; at < bytes.length; at += size) got.push(...reader.push(bytes.subarray(at, at + size)));
    expect(got).toEqual(frames);
  }
});

test('what is no frame is refused before anything is kept for it', () => {
  const header = (length: number, type: number): Buffer => {
    const bytes = Buffer.alloc(9);
    bytes.writeUInt32BE(length, 0);
    bytes.writeUInt8(type, 4);
    return bytes;
  };
  for (const bytes of [
    header(4_000_000_000, 3),
    header(maxPayload + 6, 3),
    header(1, 3),
    header(5, 99),
    header(5, 0),
  ]) {
    expect(() => new FrameReader().push(bytes)).toThrow(/frame/i);
  }
});

test('messages and data arrive in order, and each direction ends by itself', async () => {
  const { host, sandbox } = pair();
  const mine = host.connection.open({ hello: true });
  const theirs = await sandbox.opened;
  await mine.send({ n: 1 });
  await mine.write(Buffer.from('two'));
  mine.end();
  expect(await theirs.next()).toEqual({ kind: 'message', value: { n: 1 } });
  expect(await theirs.next()).toEqual({ kind: 'data', bytes: Buffer.from('two') });
  expect(await theirs.next()).toBeNull();
  await theirs.send('still here');
  theirs.end();
  expect(await mine.message()).toBe('still here');
  expect(await mine.next()).toBeNull();
});

test('a sender waits for a slow reader, and other channels do not', async () => {
  const { host, sandbox } = pair();
  const mine = host.connection.open({});
  const theirs = await sandbox.opened;
  let sent = 0;
  const sending = (async () => {
    for (; sent < 100; sent++) await mine.write(Buffer.alloc(50_000));
    mine.end();
  })();
  const other = sandbox.connection.open({});
  await other.send('quick');
  expect(await (await host.opened).message()).toBe('quick');
  expect(sent * 50_000).toBeLessThan(channelWindow + 100_000);
  let read = 0;
  for (let item = await theirs.next(); item; item = await theirs.next())
    read += item.kind === 'data' ? item.bytes.length : 0;
  await sending;
  expect(read).toBe(5_000_000);
});

test('a side that ignores the window, sends no JSON or reuses a channel is cut off', async () => {
  const bad: ((send: (frame: Frame) => void) => void)[] = [
    (send) => {
      for (let count = 0; count < 40; count++)
        send({ type: frameType.data, channel: 1, payload: Buffer.alloc(100_000) });
    },
    (send) => send({ type: frameType.message, channel: 1, payload: Buffer.from('{') }),
    (send) => send({ type: frameType.open, channel: 3, payload: Buffer.from('{}') }),
    (send) => send({ type: frameType.open, channel: 2, payload: Buffer.from('nonsense') }),
    (send) => send({ type: frameType.credit, channel: 1, payload: Buffer.alloc(3) }),
    (send) => {
      for (let count = 0; count < 2; count++) send({ type: frameType.open, channel: 2, payload: Buffer.from('{}') });
    },
  ];
  for (const act of bad) {
    const [stream, raw] = duplexPair();
    const host = end(stream, 'host');
    const channel = host.connection.open({});
    act((frame) => raw.write(encodeFrame(frame)));
    expect(await host.closed).toMatchObject({ name: 'ProtocolError' });
    expect(channel.failure).toMatchObject({ code: 'workspace_gone' });
  }
});

test('more channels than allowed are refused one by one, and frames for unknown ones are passed over', async () => {
  const [stream, raw] = duplexPair();
  const host = end(stream, 'host', 2);
  for (const channel of [2, 4, 6])
    raw.write(encodeFrame({ type: frameType.open, channel, payload: Buffer.from('{}') }));
  raw.write(encodeFrame({ type: frameType.data, channel: 77, payload: Buffer.alloc(10) }));
  const reader = new FrameReader();
  const answered = await new Promise<Frame>((resolve) =>
    raw.on('data', (chunk: Buffer) => reader.push(chunk).forEach(resolve)),
  );
  expect(answered).toMatchObject({ type: frameType.reset, channel: 6 });
  host.connection.close(null);
  expect(await host.closed).toBeNull();
});
