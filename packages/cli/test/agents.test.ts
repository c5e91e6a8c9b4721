import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isBuilt, Place } from './command.ts';

let place: Place;
beforeEach(async () => {
  place = await Place.make();
});
afterEach(() => place.end());

describe.skipIf(!isBuilt)('agents from the command (needs the built back end)', { timeout: 180_000 }, () => {
  test('agents are listed with their models and programs, and what cannot be fetched is told', async () => {
    const up = place.start('up', '--port', '0');
    await up.says('Ctrl-C stops it');
    const { out } = await place.expecting(0, 'agents');
    expect(out).toMatch(/^\* blueprint +no model$/m);
    expect(out).toMatch(/^ {2}gemini +any model · @google\/gemini-cli \S+ not fetched yet · It needs a model/m);
    const one = JSON.parse((await place.expecting(0, 'agents', 'codex', '--json')).out) as unknown;
    expect(one).toMatchObject([{ id: 'codex', wire: 'responses', program: { state: 'absent' } }]);
    expect((await place.expecting(1, 'agents', 'nobody')).talk).toContain('there are builtin, blueprint');
    expect((await place.expecting(1, 'agents', 'blueprint', '--fetch')).talk).toContain('nothing to fetch');
    await place.expecting(2, 'agents', '--fetch');
  });

  test('an agent of one’s own is added by options or by a file, changed, and removed', async () => {
    const up = place.start('up', '--port', '0');
    await up.says('Ctrl-C stops it');
    const told = ['--command', 'no-such-agent --acp', '--wire', 'messages', '--title', 'Mine', '--mode', 'ask'];
    expect((await place.expecting(0, 'agents', 'mine', ...told)).out).toMatch(/^ {2}mine +any model · your own · /m);
    const [mine] = JSON.parse((await place.expecting(0, 'agents', 'mine', '--json')).out) as [{ own: unknown }];
    expect(mine.own).toMatchObject({
      title: 'Mine',
      command: ['no-such-agent', '--acp'],
      wire: 'messages',
      mode: 'ask',
    });
    await place.expecting(2, 'agents', 'mine', '--command', 'x');
    await place.expecting(2, 'agents', 'mine', '--command', 'x', '--wire', 'messages', '--package', 'x@latest');
    await writeFile(
      join(place.folder, 'agent.json'),
      JSON.stringify({
        title: 'Of a file',
        command: ['x'],
        wire: 'responses',
        files: [{ path: 'a.txt', from: 'text.txt' }],
      }),
    );
    expect((await place.expecting(2, 'agents', 'filed', '--file', 'agent.json')).talk).toContain('text.txt');
    await writeFile(join(place.folder, 'text.txt'), 'what lies there');
    expect((await place.expecting(0, 'agents', 'filed', '--file', 'agent.json')).out).toContain('filed');
    expect((await place.expecting(0, 'agents', 'filed', '--json')).out).toContain('what lies there');
    expect((await place.expecting(0, 'agents', 'mine', '--forget')).talk).toContain('mine is removed');
    expect((await place.expecting(1, 'agents', 'mine', '--try')).talk).toContain('no agent');
  });
});
