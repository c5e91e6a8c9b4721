import { defineConfig, devices } from '@playwright/test';

const chromium = process.env['DEVFACTORY_CHROMIUM'];

export default defineConfig({
  testDir: '.',
  testMatch: '**/*.spec.ts',
  outputDir: 'test-results',
  // One factory at a time: each test starts its own server, database and sandboxes.
  workers: 1,
  forbidOnly: true,
  // A test that passes only sometimes has failed.
  retries: 0,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  use: {
    ...devices['Desktop Chrome'],
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    ...(chromium ? { launchOptions: { executablePath: chromium } } : {}),
  },
});
