import { sourceTreeOf } from '@devfactory/kit/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AzureStage, never, newContainer, request } from './testing/stage.ts';

let stage: AzureStage;
beforeAll(async () => {
  stage = await AzureStage.start();
});
afterAll(() => stage.stop());

describe('files and sites in Azure', () => {
  test('browsers are told what each file is', async () => {
    const container = newContainer();
    await stage.exporter().deliver(request({ kind: 'azure', container, as: 'site' }), never);
    const types: Record<string, string | undefined> = {};
    for await (const { name, properties } of stage.container(container).listBlobsFlat())
      types[name] = properties.contentType;
    expect(types).toMatchObject({
      'index.html': 'text/html; charset=utf-8',
      'app.js': 'application/javascript; charset=utf-8',
      'logo.png': 'image/png',
    });
  });

  test('a site loses what a later tree does not have, and nothing of others', async () => {
    const container = newContainer();
    const destination = { kind: 'azure', container, as: 'site' } as const;
    await stage.exporter().deliver(request(destination), never);
    await stage.container(container).getBlockBlobClient('theirs.txt').upload('theirs', 6);
    await stage.exporter().deliver(request(destination, { tree: sourceTreeOf([['index.html', 'new']]) }), never);
    const left = (await stage.names(container)).filter((name) => !name.startsWith('.devfactory/'));
    expect(left).toEqual(['index.html', 'theirs.txt']);
    expect((await stage.read(container, 'index.html')).toString()).toBe('new');
  });

  test('what somebody else has put there is not overwritten, nor is anything sent', async () => {
    const container = newContainer();
    const client = stage.container(container);
    await client.create();
    await client.getBlockBlobClient('app.js').upload('theirs', 6);
    await expect(
      stage.exporter().deliver(request({ kind: 'azure', container, as: 'site' }), never),
    ).rejects.toMatchObject({
      code: 'azure_place_taken',
      message: expect.stringContaining('app.js'),
    });
    expect(await stage.names(container)).toEqual(['app.js']);
    const other = request({ kind: 'azure', container, folder: 'site', as: 'site' });
    await stage.exporter().deliver(other, never);
    await expect(stage.exporter().deliver({ ...other, runId: 'run_zzzzzzgh234567ij' }, never)).rejects.toMatchObject({
      code: 'azure_place_taken',
    });
  });

  test.each([['dir\\file'], ['ends.'], ['a./b']])('a name that no blob can have is refused: %j', async (path) => {
    const tree = sourceTreeOf([[path, 'x']]);
    const refused = stage
      .exporter()
      .deliver(request({ kind: 'azure', container: newContainer(), as: 'files' }, { tree }), never);
    await expect(refused).rejects.toMatchObject({ code: 'export_path' });
  });
});
