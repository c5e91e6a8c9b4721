import { createHash } from 'node:crypto';
import { canonicalJson, type Check, type CheckSpec } from '@devfactory/contracts';
import type { BlobStore } from '@devfactory/kit';

/** Requirements of the made-up project, each with a test of its own. */
export const shopRequirements = 20;

/** A project of 60 files in JavaScript: 20 parts that share some code, each in two files and with a test. */
export function shopFiles(): Map<string, string> {
  const files = new Map([
    ['package.json', '{ "name": "shop", "type": "module" }\n'],
    ['README.md', '# Shop\n'],
    ['src/money.mjs', 'export const round = (amount) => Math.round(amount * 100) / 100;\n'],
  ]);
  for (let part = 1; part <= shopRequirements; part += 1) {
    files.set(
      `src/part${part}.mjs`,
      `import { round } from './money.mjs';\nimport { rate${part} } from './rate${part}.mjs';\n\nexport function price${part}(amount, count) {\n  if (count < 1) throw new RangeError('none');\n  const sum = amount * count;\n  return count >= 10 ? round(sum * rate${part}) : round(sum);\n}\n`,
    );
    files.set(`src/rate${part}.mjs`, `export const rate${part} = 0.${90 - part};\n`);
    if (part <= 17) files.set(`docs/part${part}.md`, `# Part ${part}\n`);
  }
  return files;
}

const test = (part: number): string => `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { price${part} } from '../src/part${part}.mjs';

test('part ${part} adds', () => assert.equal(price${part}(2, 3), 6));
test('part ${part} gives a rebate', () => assert.equal(price${part}(10, 10), ${90 - part}));
test('part ${part} refuses none', () => assert.throws(() => price${part}(1, 0), RangeError));
`;

/** The test files, as the project's own runner would find them. */
export function shopTests(): Map<string, string> {
  return new Map(
    Array.from({ length: shopRequirements }, (_, index) => [`test/part${index + 1}.test.mjs`, test(index + 1)]),
  );
}

/** The same tests, locked: one check for each requirement. */
export async function shopChecks(blobs: BlobStore): Promise<Check[]> {
  return Promise.all(
    [...shopTests()].map(async ([path, content], index) => {
      const tests = ['adds', 'gives a rebate', 'refuses none'].map((name) => `${path}::part ${index + 1} ${name}`);
      const spec: CheckSpec = { kind: 'test', toolchain: 'node', files: [{ path, content }], tests };
      const text = canonicalJson(spec);
      await blobs.put(Buffer.from(text));
      return {
        id: `C-${index + 1}`,
        version: 1,
        requirementId: `R-${index + 1}`,
        title: path,
        intent: 'change',
        timeoutMs: 60_000,
        kind: 'test',
        spec: createHash('sha256').update(text).digest('hex'),
      };
    }),
  );
}
