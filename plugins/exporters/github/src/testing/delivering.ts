import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect } from 'vitest';
import { createGitHubExporter } from '../index.ts';
import { Forge, token } from './forge.ts';
import { noBlobs, requestFor, runId } from './request.ts';

export const branch = `devfactory/${runId}`;
export const signal: AbortSignal = new AbortController().signal;

/** A forge with the empty repository acme/shop, new for each test of the block that asks for it. */
export class Delivering {
  forge!: Forge;
  directory!: string;

  static forEach(): Delivering {
    const at = new Delivering();
    beforeEach(async () => {
      await at.reopen();
      at.directory = mkdtempSync(join(tmpdir(), 'df-github-'));
    });
    afterEach(async () => {
      await at.forge.close();
      rmSync(at.directory, { recursive: true });
    });
    return at;
  }

  async reopen(): Promise<void> {
    this.forge = await Forge.open();
    this.forge.repository('acme/shop');
  }

  deliver(change: Omit<Parameters<typeof requestFor>[0], 'blobs'> = {}) {
    const { directory } = this;
    return createGitHubExporter({ environment: this.forge.environment, directory, retryMs: 1 }).deliver(
      requestFor({ blobs: noBlobs, ...change }),
      signal,
    );
  }

  head(): string {
    return this.forge.git('acme/shop', 'rev-parse', `refs/heads/${branch}`);
  }

  paths(ref = branch): string[] {
    return this.forge.git('acme/shop', 'ls-tree', '-r', '--name-only', ref).split('\n');
  }

  imported(commit: string): { readonly url: string; readonly commit: string } {
    return { url: `${this.forge.web}/acme/shop`, commit };
  }
}

/** What a delivery was refused with; it never tells the token. */
export async function refusal(delivery: Promise<unknown>): Promise<{ code: string; message: string }> {
  const error: unknown = await delivery.catch((caught: unknown) => caught);
  expect(error).toMatchObject({ name: 'DomainError' });
  expect(String(error)).not.toContain(token);
  return error as { code: string; message: string };
}
