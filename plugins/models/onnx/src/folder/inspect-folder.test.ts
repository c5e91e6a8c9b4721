import { chmod, cp, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  int,
  join as joined,
  node,
  onnxFile,
  outsideTensor,
  part,
  tensor,
  text,
  varint,
  writeScriptedModel,
} from '../testing/index.ts';
import { inspectFolder } from './inspect-folder.ts';

let root: string;
let count = 0;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'onnx-folder-'));
  await chmod(root, 0o755);
  await writeScriptedModel(join(root, 'good'), { says: ['Hello.'] });
  await writeScriptedModel(join(root, 'beside'), { says: ['Hello.'], beside: true });
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** A copy of a good model with something done to it. */
async function changed(change: (folder: string) => Promise<unknown>, from = 'good'): Promise<string> {
  const folder = join(root, `changed-${++count}`);
  await cp(join(root, from), folder, { recursive: true });
  await change(folder);
  return folder;
}

const empty = { nodes: [], tensors: [], inputs: [], outputs: [] };
const withGraph = (graph: Uint8Array) => (folder: string) => writeFile(join(folder, 'onnx/model.onnx'), graph);
const withTensor = (bytes: Uint8Array) => withGraph(onnxFile({ ...empty, tensors: [bytes] }));
const outside = (location: string, more: Record<string, string> = {}) =>
  withTensor(outsideTensor('w', [1], { location, ...more }));
const config = (more: object) => async (folder: string) => {
  const path = join(folder, 'config.json');
  await writeFile(path, JSON.stringify({ ...(JSON.parse(await readFile(path, 'utf8')) as object), ...more }));
};

describe('a model folder', () => {
  test('that is right tells the memory it needs before anything is loaded', async () => {
    const { dtype, contextTokens, memory } = await inspectFolder(join(root, 'good'));
    expect({ dtype, contextTokens }).toEqual({ dtype: 'fp32', contextTokens: 32_768 });
    expect(memory.weights).toBeGreaterThan(1000);
    expect(memory.all).toBeGreaterThan(memory.weights + memory.conversation);
  });

  test('may keep its weights in a file beside the graph', async () => {
    const { memory } = await inspectFolder(join(root, 'beside'));
    expect(memory.weights).toBeGreaterThan(1000);
  });

  test('is taken with the smallest kind of its weights that a processor is quick with', async () => {
    const folder = await changed((at) => cp(join(at, 'onnx/model.onnx'), join(at, 'onnx/model_q4.onnx')));
    expect(await inspectFolder(folder)).toMatchObject({ dtype: 'q4' });
  });

  test.for<readonly [string, (folder: string) => Promise<unknown>, RegExp]>([
    ['weights above the folder', outside('../../../etc/passwd'), /'\.\.\/.*not in the folder/],
    ['weights by an absolute path', outside('/etc/passwd'), /'\/etc\/passwd', which is not in the folder/],
    ['weights behind a detour', outside('x/../../../secret'), /not in the folder/],
    ['weights without a place', outside(''), /not in the folder/],
    ['weights that are not there', outside('none.bin'), /none\.bin, which is not there/],
    ['weights behind the end of their file', outside('model.onnx', { offset: '100000' }), /tensor of 4 bytes/],
    ['weights at a place that is no number', outside('model.onnx', { offset: 'x' }), /tensor of 4 bytes/],
    [
      'a tensor of more than any machine has',
      withTensor(joined([int(1, 2 ** 40), int(1, 2 ** 40), int(2, 1)])),
      /a tensor of/,
    ],
    ['a tensor with less than nothing in it', withTensor(joined([int(1, -5), int(2, 1)])), /a tensor of/],
    [
      'a tensor that says it is larger than it is',
      withTensor(joined([int(1, 100_000_000), int(2, 1), part(9, new Uint8Array(8))])),
      /in \d+ bytes/,
    ],
    [
      'a tensor of more dimensions than there are',
      withTensor(joined([...Array.from({ length: 40 }, () => int(1, 1)), int(2, 1)])),
      /dimensions/,
    ],
    [
      'operators of a stranger',
      withGraph(onnxFile({ ...empty, nodes: [node({ op: 'Run', from: [], to: 'x', domain: 'evil.example' })] })),
      /operators of evil\.example/,
    ],
    [
      'operators of a stranger in a graph within a graph',
      withGraph(
        onnxFile({
          ...empty,
          nodes: [
            joined([
              text(4, 'If'),
              part(
                5,
                joined([
                  text(1, 'then_branch'),
                  part(6, part(1, node({ op: 'Run', from: [], to: 'x', domain: 'evil.example' }))),
                ]),
              ),
            ]),
          ],
        }),
      ),
      /operators of evil\.example/,
    ],
    ['a graph that is none', withGraph(new TextEncoder().encode('#!/bin/sh\nrm -rf /\n')), /no ONNX/],
    [
      'a graph that ends in the middle',
      async (at) =>
        writeFile(join(at, 'onnx/model.onnx'), (await readFile(join(at, 'onnx/model.onnx'))).subarray(0, 900)),
      /no ONNX/,
    ],
    ['an empty graph', withGraph(new Uint8Array()), /0 graphs/],
    ['a number without end', withGraph(Uint8Array.from({ length: 40 }, () => 0xff)), /no ONNX/],
    ['a part longer than the whole', withGraph(joined([varint((7 << 3) | 2), varint(2n ** 60n)])), /no ONNX/],
    ['no graph at all', (at) => rm(join(at, 'onnx/model.onnx')), /no onnx\/model\.onnx/],
    [
      'a link instead of weights',
      async (at) => {
        await rm(join(at, 'onnx/model.onnx'));
        await symlink('/etc/passwd', join(at, 'onnx/model.onnx'));
      },
      /is a link.*cp -rL/,
    ],
    [
      'a folder that is a link',
      async (at) => {
        await rename(join(at, 'onnx'), join(root, `elsewhere-${count}`));
        await symlink(join(root, `elsewhere-${count}`), join(at, 'onnx'));
      },
      /onnx is a link/,
    ],
    ['a tokenizer that is no JSON', (at) => writeFile(join(at, 'tokenizer.json'), '{'), /tokenizer\.json is no JSON/],
    [
      'a tokenizer without words',
      (at) => writeFile(join(at, 'tokenizer.json'), '{"model":{}}'),
      /tokenizer\.json is broken at model\.vocab/,
    ],
    ['a tokenizer of another model', config({ vocab_size: 100 }), /has token 262, and the model knows 100/],
    ['no tokenizer', (at) => rm(join(at, 'tokenizer.json')), /there is no tokenizer\.json/],
    ['a configuration with a size that is none', config({ vocab_size: -1 }), /config\.json is broken at vocab_size/],
    ['a configuration with a number of layers that is absurd', config({ num_hidden_layers: 1e9 }), /num_hidden_layers/],
    ['no way to answer people', (at) => writeFile(join(at, 'tokenizer_config.json'), '{}'), /no chat template/],
  ])('with %s is refused', async ([, change, why]) => {
    await expect(inspectFolder(await changed(change))).rejects.toMatchObject({
      code: 'model_refused',
      message: expect.stringMatching(why) as string,
    });
  });

  test('with functions of its own is taken, for they are made of operators that everybody knows', async () => {
    const own = part(
      25,
      joined([text(1, 'Twice'), text(10, 'own'), part(7, node({ op: 'Add', from: ['a', 'a'], to: 'b' }))]),
    );
    const graph = onnxFile({
      ...empty,
      nodes: [node({ op: 'Twice', from: ['a'], to: 'b', domain: 'own' })],
      tensors: [tensor('a', 'float', { dims: [1], data: [1] })],
    });
    expect(await inspectFolder(await changed(withGraph(joined([graph, own]))))).toMatchObject({ dtype: 'fp32' });
  });

  test.runIf(process.getuid?.() === 0)('that its sandbox could not read says how to mend that', async () => {
    const folder = await changed((at) => chmod(join(at, 'onnx/model.onnx'), 0o600));
    await expect(inspectFolder(folder)).rejects.toThrow('chmod -R a+rX');
    const closed = await changed((at) => chmod(at, 0o700));
    await expect(inspectFolder(closed)).rejects.toThrow('chmod a+x');
  });
});
