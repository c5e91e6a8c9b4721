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
});
