import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { faultsOf, outOfSight } from './support/accessibility.ts';
import { expect, test } from './support/test.ts';

const wide = { width: 1440, height: 900 };
const phone = { width: 390, height: 844 };
const hostile = 'a-model-whose-folder-has-a-long-name-as-people-who-convert-them-give-them-q4f16';

/** A model that is right and one that wants operators of strangers. What makes them is of our tests, which are not built. */
const maker = `
  import { writeFile } from 'node:fs/promises';
  import { node, onnxFile, writeScriptedModel } from '@devfactory/model-onnx/testing';
  const [folder, hostile] = process.argv.slice(1);
  await writeScriptedModel(folder + '/coder', { says: ['Hello.'] });
  await writeScriptedModel(folder + '/' + hostile, { says: [''] });
  const nodes = [node({ op: 'Run', from: [], to: 'x', domain: 'evil.example' })];
  await writeFile(folder + '/' + hostile + '/onnx/model.onnx', onnxFile({ nodes, tensors: [], inputs: [], outputs: [] }));
`;

test('models in ONNX tell the memory they need before they are loaded, and why one is refused, at every size and in both themes', async ({
  page,
  factory,
}) => {
  const folder = await mkdtemp(join(tmpdir(), 'devfactory-onnx-look-'));
  try {
    await chmod(folder, 0o755);
    const options = ['--conditions=devfactory-source', '--input-type=module', '--eval', maker, folder, hostile];
    await promisify(execFile)(process.execPath, options, { cwd: join(import.meta.dirname, '../backend') });
    await factory.client.models.save('onnx', { folder });
    await page.goto('/settings');
    const row = (ref: string) => page.getByRole('listitem').filter({ hasText: ref });
    await expect(row('onnx/coder')).toContainText(/fp32, needs about \d+ MB of memory/);
    await expect(row('onnx/coder')).toContainText('not loaded');
    await expect(row(`onnx/${hostile}`)).toContainText('evil.example');
    await expect(row(`onnx/${hostile}`).getByRole('button', { name: `Test onnx/${hostile}` })).toBeDisabled();
    for (const size of [wide, phone]) {
      await page.setViewportSize(size);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await row('onnx/coder').scrollIntoViewIfNeeded();
        expect(await faultsOf(page, 'all')).toEqual([]);
        const shot = test.info().outputPath(`onnx-${size.width}-${colorScheme}.png`);
        await page.screenshot({ path: shot });
      }
      expect(await outOfSight(page)).toEqual([]);
    }
  } finally {
    await factory.client.models.forget('onnx');
    await rm(folder, { recursive: true, force: true });
  }
});
