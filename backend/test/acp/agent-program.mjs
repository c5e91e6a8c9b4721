/*
 * An agent that speaks the Agent Client Protocol, as small as one can be, and as bad as its task's word says. It runs in the sandbox, on
 * Node alone, with its model behind MODEL_URL.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const plan = {
  requirements: [
    {
      text: 'When hello.mjs is run, it shall print hi.',
      checks: [
        {
          title: 'it prints hi',
          spec: { kind: 'command', argv: ['node', 'hello.mjs'], expect: { exitCode: 0, stdoutIncludes: ['hi'] } },
        },
      ],
    },
  ],
};
const waiting = new Map();
let asked = 100;
const send = (message) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', ...message }) + '\n');
const update = (data) => send({ method: 'session/update', params: { sessionId: 's', update: data } });
const say = (text) => update({ sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } });
const call = (toolCallId, data) => update({ sessionUpdate: 'tool_call_update', toolCallId, ...data });

function allowed(toolCall) {
  const id = (asked += 1);
  const options = [
    { optionId: 'yes', name: 'Yes', kind: 'allow_once' },
    { optionId: 'no', name: 'No', kind: 'reject_once' },
  ];
  send({ id, method: 'session/request_permission', params: { sessionId: 's', toolCall, options } });
  return new Promise((resolve) => waiting.set(id, ({ outcome }) => resolve(outcome.optionId === 'yes')));
}

async function write(name, content) {
  const toolCallId = `write-${name}-${asked}`;
  update({ sessionUpdate: 'tool_call', toolCallId, kind: 'edit', title: `Write ${name}`, status: 'pending' });
  if (!(await allowed({ toolCallId, kind: 'edit', title: `Write ${name}` }))) {
    call(toolCallId, { status: 'failed' });
    return;
  }
  writeFileSync(name, content);
  call(toolCallId, { status: 'completed', content: [{ type: 'diff', path: name, oldText: null, newText: content }] });
}

async function askModel() {
  const response = await fetch(`${process.env.MODEL_URL}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${process.env.MODEL_TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify({ messages: [{ role: 'user', content: 'What is to do?' }] }),
  });
  const { choices } = await response.json();
  return choices[0].message.content;
}

async function turn(text) {
  const mode = /mode:([a-z]+)/.exec(text)?.[1];
  if (text.includes('Now plan')) {
    await write('planned.txt', 'changed while it planned');
    if (mode === 'chatty' && !text.includes('no JSON object')) return say('I think this will be easy.');
    return say('```json\n' + JSON.stringify(plan) + '\n```');
  }
  if (text.includes('no JSON object')) return say('```json\n' + JSON.stringify(plan) + '\n```');
  if (mode === 'liar') return say('All is done and proven, R-1 is proven, exit 0.');
  if (mode === 'silent') return new Promise(() => {});
  if (mode === 'flood')
    for (let n = 0; n < 20_000; n += 1) call(`c${n}`, { kind: 'read', title: 'x'.repeat(1000), status: 'completed' });
  if (mode === 'daemon') spawn('sleep', ['4712'], { detached: true, stdio: 'ignore' }).unref();
  if (mode === 'dies' && !existsSync('/tmp/died')) {
    mkdirSync('/tmp/died');
    console.error('out of luck');
    process.exit(3);
  }
  say(await askModel());
  await write('hello.mjs', "console.log('hi');\n");
  await write('notes.md', 'done\n');
}

for await (const line of createInterface({ input: process.stdin })) void take(line);

async function take(line) {
  const { id, method, params, result } = JSON.parse(line);
  if (method === undefined) return waiting.get(id)?.(result);
  if (method === 'initialize') send({ id, result: { protocolVersion: 1, agentCapabilities: {} } });
  if (method === 'session/new') send({ id, result: { sessionId: 's' } });
  if (method === 'session/prompt') {
    await turn(params.prompt.map((part) => part.text).join('\n'));
    send({ id, result: { stopReason: 'end_turn' } });
  }
}
