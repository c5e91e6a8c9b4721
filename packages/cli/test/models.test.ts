import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isBuilt, Place } from './command.ts';

let place: Place;
beforeEach(async () => {
  place = await Place.make();
});
afterEach(() => place.end());

/** Lists one model and answers nothing else: enough for what the command itself does. */
async function endpoint(): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    if (request.method === 'GET') response.end('{"object":"list","data":[{"id":"qwen","max_model_len":32000}]}');
    else response.writeHead(401).end('{"error":{"message":"no key"}}');
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const close = () => new Promise<void>((resolve) => void server.close(() => resolve()));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, close };
}

describe.skipIf(!isBuilt)('models from the command (needs the built back end)', { timeout: 180_000 }, () => {
  test('a provider is set up, tested and chosen from, and a key is no argument', async () => {
    const models = await endpoint();
    const up = place.start('up', '--port', '0');
    await up.says('Ctrl-C stops it');
    expect((await place.expecting(2, 'provider', 'openai', 'key=sk-secret')).talk).toContain('--key-stdin');
    await place.expecting(0, 'provider', 'openai-compatible', `baseUrl=${models.url}`);
    expect((await place.expecting(0, 'provider')).out).toContain('* openai-compatible  set up (person)');
    const tested = await place.expecting(1, 'provider', 'openai-compatible', '--test', '--json');
    expect(JSON.parse(tested.out)).toMatchObject({ ok: false, field: 'key', model: 'qwen' });
    await place.expecting(0, 'models', '--default', 'openai-compatible/qwen');
    expect((await place.expecting(0, 'models')).out).toContain('* openai-compatible/qwen');
    expect((await place.expecting(1, 'models', '--default', 'openai/gpt')).talk).toContain('OPENAI_API_KEY');
    expect((await place.expecting(2, 'budget', 'last', 'much')).talk).toContain('amount in US dollars');
    await models.close();
  });
});
