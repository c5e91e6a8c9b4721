import type { AgentProgram } from '@devfactory/kit';

const others = ['darwin', 'win32', `linux/${process.arch === 'x64' ? 'arm64' : 'x64'}`];

/** What runs models, fetched at the first question. What it brings for browsers and other machines is taken out again. */
export const onnxRuntime: AgentProgram = {
  package: '@huggingface/transformers',
  version: '4.3.1',
  setup: [
    'rm',
    '-rf',
    'node_modules/onnxruntime-web',
    ...others.map((name) => `node_modules/onnxruntime-node/bin/napi-v6/${name}`),
  ],
};
