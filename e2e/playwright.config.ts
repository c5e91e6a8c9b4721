import { defineConfig, devices } from '@playwright/test';

const chromium = process.env['DEVFACTORY_CHROMIUM'];

export default defineConfig({
  testDir: '.',
  testMatch: '**/*.spec.ts',
  outputDir: 'test-results',
  // One server, database and set of sandboxes for all tests.
  workers: 1,
  forbidOnly: true,
  // A pipeline goes on after a test that passes on a second try, and names it. At a desk every failure shows.
  retries: process.env['CI'] ? 1 : 0,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  use: {
    ...devices['Desktop Chrome'],
    viewport: { width: 1440, height: 900 },
    actionTimeout: 20_000,
    contextOptions: { reducedMotion: 'reduce' },
    // A trace of everything doubles the time; ask for one with --trace on.
    trace: 'off',
    screenshot: 'only-on-failure',
    ...(chromium ? { launchOptions: { executablePath: chromium } } : {}),
  },
});
