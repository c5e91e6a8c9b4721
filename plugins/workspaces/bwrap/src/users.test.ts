import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { allocateUser } from './users.ts';

test('workspaces that are opened at the same moment never share a user', async () => {
  const root = await mkdtemp(join(tmpdir(), 'users-'));
  try {
    const users = await Promise.all(Array.from({ length: 20 }, () => allocateUser(root)));
    expect(new Set(users).size).toBe(20);
  } finally {
    await rm(root, { recursive: true });
  }
});
