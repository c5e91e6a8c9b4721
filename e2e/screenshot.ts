import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, type Page } from '@playwright/test';
import { Factory } from './support/factory.ts';

/*
 * Makes docs/images/run.png anew, from a real run: node e2e/screenshot.ts, after npm run build. With LOOK=FOLDER it also
 * saves each screen in both sizes and colours there, to be looked at.
 */
const prompt = 'Build a Flask API with JWT auth. It manages tasks with title, done and due_date.';
const requirements = [
  'A person can register with username and password, and log in to get a JWT.',
  'Requests to /tasks without a valid token are answered with 401.',
  'Tasks can be created, listed, read, updated and deleted.',
  'A task without a title is refused with 400 and a message that names the field.',
  'A task that does not exist is answered with 404.',
];
const images = join(import.meta.dirname, '..', 'docs', 'images');
/** A picture may take long; it is asked for by hand. */
const busyMachineMs = 30 * 60_000;
const wide = { width: 1440, height: 900 };

const factory = await Factory.start();
const executablePath = process.env['DEVFACTORY_CHROMIUM'] ?? '/usr/bin/chromium';
const browser = await chromium.launch({ executablePath });
try {
  const id = await finishedRun();
  const page = await browser.newPage({ baseURL: factory.url, viewport: wide, reducedMotion: 'reduce' });
  await page.goto(await factory.client.loginLink());
  await mkdir(images, { recursive: true });
  await open(page, `/runs/${id}?view=evidence&req=R-2`);
  await page.screenshot({ path: join(images, 'run.png') });
  const look = process.env['LOOK'];
  if (look !== undefined) await lookEverywhere(page, { id, folder: look });
} finally {
  await browser.close();
  await factory.stop();
}

async function finishedRun(): Promise<string> {
  const id = await factory.create({
    prompt,
    requirements: requirements.map((text) => ({ text })),
    agent: 'blueprint',
    destinations: [{ kind: 'zip', name: 'flask-api.zip' }],
  });
  const { plan } = await factory.until(id, ({ stage }) => stage.name === 'waiting');
  await factory.client.runs.command(id, { do: 'approve-plan', version: plan.proposed });
  await factory.until(id, ({ stage }) => stage.name === 'waiting' && stage.for === 'review', busyMachineMs);
  return id;
}

async function lookEverywhere(page: Page, { id, folder }: { id: string; folder: string }): Promise<void> {
  const places = {
    home: '/',
    runs: '/runs',
    activity: `/runs/${id}`,
    requirements: `/runs/${id}?pane=reqs`,
    evidence: `/runs/${id}?view=evidence&req=R-1&pane=work`,
    changes: `/runs/${id}?view=changes&pane=work`,
    files: `/runs/${id}?view=files&pane=work`,
    log: `/runs/${id}?view=log&pane=work`,
    more: `/runs/${id}?pane=more`,
    deliver: `/runs/${id}/deliver`,
  };
  for (const size of [wide, { width: 390, height: 844 }]) {
    await page.setViewportSize(size);
    for (const [name, place] of Object.entries(places)) {
      await open(page, place);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await page.screenshot({ path: join(folder, `${name}-${size.width}-${colorScheme}.png`) });
      }
    }
  }
}

/** Opens a page and waits until nothing on it is still being read. */
async function open(page: Page, place: string): Promise<void> {
  await page.goto(place, { waitUntil: 'load' });
  await page.locator('h1').first().waitFor({ state: 'attached' });
  await page.waitForFunction(() => document.querySelector('.skeleton') === null);
  await page.evaluate(() => document.fonts.ready);
}
