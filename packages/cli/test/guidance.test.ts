import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isBuilt, Place } from './command.ts';
import { writeScript } from './script.ts';

let place: Place;
beforeEach(async () => {
  place = await Place.make();
});
afterEach(() => place.end());

interface Listed {
  readonly items: readonly { readonly kind: string; readonly name: string; readonly project: string | null }[];
}

const servers = JSON.stringify({ mcpServers: { files: { command: 'node', args: ['tools.cjs'] } } });
const skill = '---\nname: release\ndescription: How we release.\n---\nTag it.\n';

describe.skipIf(!isBuilt)('guidance from the command (needs the built back end)', { timeout: 180_000 }, () => {
  test('instructions, a skill and servers are declared, listed and forgotten', async () => {
    const file = async (name: string, text: string): Promise<string> => {
      await writeFile(join(place.folder, name), text);
      return name;
    };
    const up = place.start('up', '--port', '0');
    await up.says('Ctrl-C stops it');
    expect((await place.expecting(0, 'guidance')).talk).toContain('Runs follow nothing beside their task.');
    await place.expecting(0, 'guidance', 'house-style', '--file', await file('AGENTS.md', 'Use tabs.\n'));
    await place.expecting(0, 'guidance', 'release', '--skill', '--file', await file('SKILL.md', skill));
    const tools = ['guidance', 'tools', '--servers', '--file', await file('mcp.json', servers), '--project', 'shop'];
    const { out } = await place.expecting(0, ...tools, '--json');
    expect((JSON.parse(out) as Listed).items).toMatchObject([
      { kind: 'instructions', name: 'house-style', project: null },
      { kind: 'servers', name: 'tools', project: 'shop' },
      { kind: 'skill', name: 'release', project: null },
    ]);
    expect((await place.expecting(0, 'guidance')).out).toMatch(/^servers tools {2}shop$/m);

    const token = ['ghp', 'q7Wm2KxT9vRb4LsZ8cNd6HfJ1yGpU5eA3oiE'].join('_');
    const secret = {
      mcpServers: { x: { command: 'x', env: { API_KEY: token } } },
    };
    const refused = ['guidance', 'leaky', '--servers', '--file', await file('leaky.json', JSON.stringify(secret))];
    expect((await place.expecting(2, ...refused)).talk).toMatch(/looks like a secret(?!.*q7Wm2KxT)/);
    expect((await place.expecting(2, ...tools.slice(0, 3), '--skill', ...tools.slice(3))).talk).toContain('choose one');
    await place.expecting(2, 'guidance', '--forget');
    await place.expecting(0, 'guidance', 'release', '--skill', '--forget');
    await place.expecting(0, 'guidance', 'tools', '--servers', '--forget');
    expect((await place.expecting(0, 'guidance')).out.trim()).toBe('instructions house-style  every run');
  });

  test('what the files of a run bring is listed, trusted by its path, and taken back', async ({ skip }) => {
    const shop = join(place.folder, 'shop');
    await mkdir(shop);
    await writeFile(join(shop, 'AGENTS.md'), 'Use tabs.\n');
    await writeFile(join(shop, '.mcp.json'), servers);
    const up = place.start('up', '--port', '0');
    await up.says('Ctrl-C stops it');
    const { out } = await place.run('doctor', '--json');
    if (!/"name":"sandbox","outcome":"ok"/.test(out)) return skip('no sandbox here');
    const script = await writeScript(place.folder, { writes: 'hello\n' });
    // 4: a person has to approve the plan.
    await place.expecting(4, 'run', 'Greet', '--agent', 'scripted', '--script', script, '--source', shop);
    const line = (path: string, word: string): RegExp =>
      new RegExp(`^[* ] \\S+ +${path.replace('.', '\\.')}  \\d+ bytes  [0-9a-f]{12}  ${word}$`, 'm');
    const listed = await place.expecting(0, 'trust', 'last');
    expect(listed.out).toMatch(line('AGENTS.md', 'not trusted'));
    expect(listed.out).toMatch(line('.mcp.json', 'not trusted'));
    expect((await place.expecting(0, 'trust', 'last', 'AGENTS.md')).talk).toContain(
      'is followed from the next step on',
    );
    const trusted = (await place.expecting(0, 'trust', 'last')).out;
    expect(trusted).toMatch(line('AGENTS.md', 'trusted'));
    expect(trusted).toMatch(line('.mcp.json', 'not trusted'));
    expect((await place.expecting(2, 'trust', 'last', 'nothing.md')).talk).toContain('bring no nothing.md');
    expect((await place.expecting(2, 'trust', 'last', '.mcp.json', '--withdraw')).talk).toContain('that is trusted');
    await place.expecting(0, 'trust', 'last', 'AGENTS.md', '--withdraw');
    expect((await place.expecting(0, 'trust', 'last')).out).toMatch(line('AGENTS.md', 'not trusted'));
  });
});
