import { gzipSync } from 'node:zlib';
import { expect, test } from './support/test.ts';

test('the start page needs at most 220 KB of JavaScript, compressed', async ({ page }) => {
  const sizes: Promise<number>[] = [];
  page.on('response', (response) => {
    if (new URL(response.url()).pathname.endsWith('.js'))
      sizes.push(response.body().then((body) => gzipSync(body).length));
  });
  await page.goto('/', { waitUntil: 'load' });
  await expect(page.getByRole('button', { name: 'Start run' })).toBeVisible();
  const sum = (await Promise.all(sizes)).reduce((total, size) => total + size, 0);
  expect(sum).toBeGreaterThan(0);
  expect(sum / 1000, `${sizes.length} files`).toBeLessThanOrEqual(220);
});
