import { faultsOf, outOfSight } from './support/accessibility.ts';
import { runPage } from './support/screens.ts';
import { expect, test } from './support/test.ts';

const finish = { tool: 'finish', input: {} };

test('comments on lines of a difference go to the agent as one message, and what it changes is addressed', async ({
  page,
  factory,
  needsSandbox,
}) => {
  void needsSandbox;
  const id = await factory.create({
    prompt: 'One file.',
    agent: 'scripted',
    autonomy: 'auto',
    agentOptions: {
      plan: [
        {
          calls: [
            {
              tool: 'propose_requirements',
              input: {
                summary: 'One file.',
                requirements: [
                  {
                    text: 'app.py greets.',
                    checks: [{ title: 'it does', spec: { kind: 'file', path: 'app.py', includes: ['no such words'] } }],
                  },
                ],
              },
            },
            finish,
          ],
        },
      ],
      work: [
        {
          calls: [
            { tool: 'write', input: { path: 'app.py', content: 'def greet():\n    return "hello"\n\n\ngreet()\n' } },
            finish,
          ],
        },
        { calls: [{ tool: 'edit', input: { path: 'app.py', find: '"hello"', replace: '"hi"' } }, finish] },
      ],
      repair: [],
    },
  });
  await factory.until(id, ({ stage }) => stage.name === 'waiting');
  const run = runPage(page);
  const review = page.getByRole('region', { name: 'Review' });
  const differences = page.getByRole('region', { name: /^Differences/ });
  await page.goto(`/runs/${id}`);

  await test.step('by mouse, over several lines', async () => {
    await page.getByRole('button', { name: 'Comment on line 1' }).first().click();
    await page
      .getByRole('button', { name: 'Comment on line 2' })
      .first()
      .click({ modifiers: ['Shift'] });
    await expect(page.getByRole('spinbutton', { name: 'to' })).toHaveValue('2');
    await page.getByRole('textbox', { name: 'Comment', exact: true }).fill('Be shorter.');
    expect(await faultsOf(page)).toEqual([]);
    await page.getByRole('button', { name: 'Add to the review' }).click();
    await expect(differences.getByRole('article', { name: 'Comment on app.py:1-2' })).toContainText('Waits to be sent');
  });

  await test.step('by keyboard, and what is written outlives a slip of the Escape key', async () => {
    await differences.focus();
    await page.keyboard.press('m');
    await page.keyboard.type('Why call it?');
    await page.keyboard.press('Escape');
    await expect(page.getByRole('textbox', { name: 'Comment', exact: true })).toBeHidden();
    await differences.focus();
    await page.keyboard.press('m');
    const text = page.getByRole('textbox', { name: 'Comment', exact: true });
    await expect(text).toHaveValue('Why call it?');
    for (const box of ['Line', 'to']) await page.getByRole('spinbutton', { name: box }).fill('5');
    await text.press('Control+Enter');
    await expect(review).toContainText('2 comments to send');
  });

  await test.step('the tray is there after a reload, and sends all as one message with the code', async () => {
    await page.reload();
    await review.getByRole('button', { name: /^Review/ }).click();
    await expect(review.getByRole('list', { name: 'Comments to send' }).getByRole('listitem')).toHaveCount(2);
    expect(await faultsOf(page)).toEqual([]);
    await review.getByRole('button', { name: 'Send 2 comments' }).click();
    await expect(run.activity).toContainText('> return "hello"');
    await expect(run.activity).toContainText('Why call it?');
  });

  await test.step('what the agent changed is addressed; the rest is for the person to say', async () => {
    const sent = review.getByRole('list', { name: 'Comments that were sent' });
    await expect(sent.getByRole('article', { name: 'Comment on app.py:1-2' })).toContainText(
      /Addressed: the code changed at ck-\d+/,
    );
    await expect(review).toContainText('1 of 2 sent not addressed');
    await sent.getByRole('button', { name: 'Mark as addressed' }).click();
    await expect(review).toContainText('all that was sent is addressed');
  });

  await test.step('and on a phone by a tap', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(`/runs/${id}?pane=work&view=changes`);
    await page.getByRole('button', { name: 'Comment on line 1' }).first().click();
    await expect(page.getByRole('textbox', { name: 'Comment', exact: true })).toBeFocused();
    expect(await outOfSight(page)).toEqual([]);
  });
});
