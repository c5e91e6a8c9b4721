import { hash } from 'node:crypto';
import { blobStoreSuite } from './blob-suite.ts';
import { createMemoryBlobStore } from './memory-blob-store.ts';

blobStoreSuite('the memory blob store', async () => {
  const store = createMemoryBlobStore();
  return {
    store,
    reopen: () => createMemoryBlobStore(store),
    damage: async (digest) => {
      // Its blobs are handed out without a copy, which is the way in that a test needs.
      const bytes = await store.getRange(digest, { offset: 0, length: 1 });
      bytes[0]! ^= 0xff;
      if (hash('sha256', bytes, 'hex') === digest) throw new Error('one byte is the whole blob');
    },
    dispose: async () => {},
  };
});
