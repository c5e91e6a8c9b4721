import { existsSync } from 'node:fs';
import { faultsOf } from './support/accessibility.ts';
import { expect, test } from './support/test.ts';

const finish = { tool: 'finish', input: {} };

/** A picture of one colour, made without a library. */
const paint = (name: string, rgb: string) => `node -e '
const { deflateSync, crc32 } = require("node:zlib");
const part = (type, body) => { const all = Buffer.concat([Buffer.from(type), body]); const out = Buffer.alloc(all.length + 8);
  out.writeUInt32BE(body.length); all.copy(out, 4); out.writeUInt32BE(crc32(all), all.length + 4); return out; };
const head = Buffer.alloc(13); head.writeUInt32BE(240, 0); head.writeUInt32BE(120, 4); head[8] = 8; head[9] = 2;
const row = Buffer.concat([Buffer.from([0]), Buffer.alloc(720).fill(Buffer.from("${rgb}", "hex"))]);
require("node:fs").writeFileSync("${name}", Buffer.concat([Buffer.from("89504e470d0a1a0a", "hex"), part("IHDR", head),
  part("IDAT", deflateSync(Buffer.concat(Array(120).fill(row)))), part("IEND", Buffer.alloc(0))]));'`;

const server = `require('node:http').createServer((request, response) => response.setHeader('content-type', 'text/html')
  .end('<!doctype html><title>Shop</title><h1>The shop is open</h1>')).listen(process.env.PORT, '127.0.0.1');`;

test('a screenshot is evidence, and a changed picture is compared', async ({ page, factory, needsSandbox }) => {
  void needsSandbox;
  test.skip(!existsSync('/usr/lib/chromium/chromium'), 'Chromium is not installed');
  const spec = {
    kind: 'browser',
    steps: [
      { do: 'open', path: '/' },
      { do: 'see', target: { role: 'heading', name: 'The shop is open' } },
      { do: 'screenshot', name: 'the open shop' },
    ],
  };
  const id = await factory.create({
    prompt: 'A shop with a sign.',
    agent: 'scripted',
    autonomy: 'auto',
    agentOptions: {
      plan: [
        {
          calls: [
            {
              tool: 'propose_requirements',
              input: {
                summary: 'A shop.',
                requirements: [
                  { text: 'The page says that the shop is open.', checks: [{ title: 'it says so', spec }] },
                ],
              },
            },
            finish,
          ],
        },
      ],
      work: [
        { calls: [{ tool: 'shell', input: { command: paint('sign.png', 'cc3333') } }] },
        {
          calls: [
            { tool: 'shell', input: { command: paint('sign.png', '33aa55') } },
            { tool: 'write', input: { path: 'server.js', content: server } },
            { tool: 'write', input: { path: 'package.json', content: '{"scripts":{"start":"node server.js"}}' } },
            finish,
          ],
        },
      ],
      repair: [],
    },
  });
  await factory.until(id, ({ evidence }) => evidence.some(({ onBase }) => !onBase));
  await page.goto(`/runs/${id}?view=evidence&req=R-1`);

  await test.step('the screenshot is in the evidence, and opens', async () => {
    const shot = page.getByRole('button', { name: 'Screenshot the open shop, enlarge' });
    await expect(shot).toBeVisible();
    await shot.click();
    const picture = page
      .getByRole('dialog', { name: 'the open shop' })
      .getByRole('img', { name: 'The page: the open shop' });
    await expect(picture).toBeVisible();
    expect(await picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(1280);
    expect(await faultsOf(page)).toEqual([]);
    await page.keyboard.press('Escape');
  });

  await test.step('the picture is compared in three ways', async () => {
    await page.goto(`/runs/${id}?view=changes&base=ck-1&file=sign.png`);
    const before = page.getByRole('img', { name: 'sign.png before the change' });
    const after = page.getByRole('img', { name: 'sign.png after the change' });
    await expect(before).toBeVisible();
    await expect(after).toBeVisible();
    await page.getByText('Swipe').click();
    const slider = page.getByRole('slider', { name: 'How much of the newer sign.png is shown' });
    await slider.fill('0');
    const over = after.locator('xpath=ancestor::div[@style][1]');
    await expect(over).toHaveCSS('clip-path', 'inset(0px 0px 0px 100%)');
    await page.getByText('Onion skin').click();
    await expect(over).toHaveCSS('opacity', '0.5');
    expect(await faultsOf(page)).toEqual([]);
  });
});
