import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

// The packages' own condition leads to their sources: tests never see a stale build. No `module`: Node does not know it, and what
// packages keep behind it is meant for bundlers.
const conditions = ['devfactory-source', 'node', 'development|production'];

const rooms = '{packages,plugins,backend,frontend,bootstrap,bench}';
const long = process.env['DEVFACTORY_LONG'] === '1';

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ['devfactory-source'] } },
  test: {
    include: long ? [`${rooms}/**/*.long.test.ts`] : [`${rooms}/**/*.test.{ts,tsx}`],
    exclude: [
      '**/node_modules/**',
      '**/dist/**',
      // Tests that belong to a generated project, not to us.
      '**/templates/**',
      '**/fixtures/**',
      ...(long ? [] : ['**/*.long.test.ts']),
    ],
    environment: 'node',
    pool: 'forks',
    // Each worker may hold a PostgreSQL and several sandboxes: more of them than cores only makes timeouts.
    maxWorkers: Math.max(1, Math.min(4, availableParallelism())),
    testTimeout: long ? 600_000 : 60_000,
    hookTimeout: 120_000,
    teardownTimeout: 20_000,
    // A forgotten `test.only` would turn the rest of the suite into silence.
    allowOnly: false,
    server: { deps: { inline: [/^@devfactory\//, /\/(packages|plugins|backend)\//] } },
  },
});
