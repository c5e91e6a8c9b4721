import { test as base } from '@playwright/test';
import { Factory } from './factory.ts';
import { createGuard, type Guard } from './guard.ts';
import { createRuns, type Runs } from './runs.ts';

interface Shared {
  /** One server for all tests of a worker. */
  readonly factory: Factory;
  readonly sandbox: { readonly missing: string };
  /** Runs that several tests only look at. */
  readonly runs: Runs;
}

interface Each {
  readonly guard: Guard;
  /** Put first into a test that needs a run: it skips, and says why, where no sandbox can be made. */
  readonly needsSandbox: null;
}

/** Playwright's test with a signed-in browser and a guard that no page gets past. */
export const test = base.extend<Each, Shared>({
  factory: [
    // oxlint-disable-next-line no-empty-pattern -- because Playwright reads from the pattern what a fixture needs.
    async ({}, use) => {
      const factory = await Factory.start();
      await use(factory);
      await factory.stop();
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  sandbox: [async ({ factory }, use) => use({ missing: await factory.withoutSandbox() }), { scope: 'worker' }],
  runs: [async ({ factory }, use) => use(createRuns(factory)), { scope: 'worker' }],
  baseURL: ({ factory }, use) => use(factory.url),
  storageState: async ({ factory, playwright }, use) => {
    const visitor = await playwright.request.newContext();
    await visitor.get(await factory.client.loginLink());
    await use(await visitor.storageState());
    await visitor.dispose();
  },
  guard: [
    async ({ factory, context }, use) => {
      const guard = createGuard(factory.url);
      guard.watch(context);
      await use(guard);
      test.expect(guard.faults, 'what no page may do').toEqual([]);
    },
    { auto: true },
  ],
  needsSandbox: async ({ sandbox }, use, info) => {
    info.skip(sandbox.missing !== '', sandbox.missing);
    await use(null);
  },
});

export const expect = test.expect;
