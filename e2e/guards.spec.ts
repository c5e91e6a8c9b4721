import type { Page } from '@playwright/test';
import { faultsOf, outOfSight } from './support/accessibility.ts';
import { createGuard } from './support/guard.ts';
import { expect, test } from './support/test.ts';

// A guard that sees nothing also reports nothing wrong: each is shown a fault here.

test('the guard of every page sees foreign requests, broken policies, uncaught errors and dialogs', async ({
  browser,
  factory,
  storageState,
}) => {
  const context = await browser.newContext(storageState ? { storageState } : {});
  const guard = createGuard(factory.url);
  guard.watch(context);
  const page = await context.newPage();
  await page.goto(factory.url);
  await misbehave(page);
  await expect.poll(() => guard.faults.join('\n')).toMatch(/another host: http:\/\/127\.0\.0\.2:9\/pixel\.png/);
  await expect.poll(() => guard.faults.join('\n')).toMatch(/Content Security Policy/);
  await expect.poll(() => guard.faults.join('\n')).toMatch(/uncaught: thrown on purpose/);
  await expect.poll(() => guard.faults.join('\n')).toMatch(/a dialog opened: hello/);
  await context.close();
});

test('the looks at a page see a missing name, faint text and what stands out of its side', async ({ page }) => {
  await page.setContent(
    '<html lang="en"><title>t</title><main><h1>t</h1><input><p style="color:#ccc;background:#fff">faint</p><div style="width:5000px">far</div></main></html>',
  );
  expect((await faultsOf(page)).map((fault) => fault.split(':')[0])).toEqual(
    expect.arrayContaining(['label', 'color-contrast']),
  );
  expect((await outOfSight(page)).join('\n')).toMatch(/the page scrolls sideways/);
});

async function misbehave(page: Page): Promise<void> {
  await page.evaluate(() => {
    const image = document.createElement('img');
    image.src = 'http://127.0.0.2:9/pixel.png';
    document.body.append(image);
    const code = document.createElement('script');
    code.textContent = 'window.ran = true';
    document.body.append(code);
    setTimeout(() => {
      throw new Error('thrown on purpose');
    });
    setTimeout(() => alert('hello'));
  });
}
