import type { AddressInfo } from 'node:net';
import { serveStories } from './server.ts';
import { allStories } from './stories.ts';

// node --conditions=devfactory-source frontend/test/replay/main.ts [port]: the built console with told runs, for looking at it.
const server = serveStories(allStories());
server.listen(Number(process.argv[2] ?? 7800), '127.0.0.1', () =>
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`),
);
