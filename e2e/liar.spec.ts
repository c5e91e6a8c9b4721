import { runPage } from './support/screens.ts';
import { expect, test } from './support/test.ts';

test.describe('An agent that claims what it did not do', () => {
  test('proves nothing by its words, and the run waits for a person', async ({ page, runs, needsSandbox }) => {
    void needsSandbox;
    const run = runPage(page);
    await page.goto(`/runs/${await runs.lying()}`);
    await expect(page.getByRole('heading', { name: '1 of 2 requirements are proven' })).toBeVisible();
    await expect(run.activity).toContainText('it was right all along');
    await expect(run.requirements.getByRole('button', { name: /R-2/ })).toContainText('Failing');
    await run.requirements.getByRole('button', { name: /R-2/ }).click();
    await expect(page.getByRole('region', { name: 'Evidence of R-2' })).toContainText('verdictfailed');
  });

  test('is delivered only with a tick that names what is not proven, and the proof names it too', async ({
    page,
    runs,
    factory,
    needsSandbox,
  }) => {
    void needsSandbox;
    const id = await runs.lying();
    await page.goto(`/runs/${id}/deliver`);
    const yes = page.getByRole('button', { name: 'Approve and deliver' });
    const tick = page.getByRole('checkbox', { name: /Deliver with R-2 failing/ });
    await yes.click();
    await expect(page.getByText('Tick this to deliver although it is not proven.')).toBeVisible();
    await expect(tick).toBeFocused();
    expect((await factory.client.runs.get(id)).exports).toEqual([]);

    await tick.check();
    await yes.click();
    await expect(page.getByRole('article', { name: /^Delivery / })).toContainText('Delivered');
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: /\.proof\.json$/ }).click();
    const text = await (await (await download).createReadStream()).toArray();
    const proof = JSON.parse(Buffer.concat(text).toString()) as { requirements: { id: string; status: string }[] };
    expect(proof.requirements.map(({ id: requirement, status }) => [requirement, status])).toEqual([
      ['R-1', 'proven'],
      ['R-2', 'failing'],
    ]);
  });
});
