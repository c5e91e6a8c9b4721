/*
 * An agent that speaks the Agent Client Protocol, as small as one can be, and as bad as its task's word says. It runs in the sandbox, on
 * Node alone, with its model behind MODEL_URL. Options: --protocol=N answers with that version; --load can take a session up again, which
 * it keeps in its home; --deaf greets nobody.
 */
import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
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
const options = process.argv.slice(2);
const loads = options.includes('--load');
const protocolVersion = Number(options.find((word) => word.startsWith('--protocol='))?.slice(11) ?? 1);
const diary = `${process.env.HOME}/diary.txt`;
const note = (line) => appendFileSync(diary, `${line}\n`);
const waiting = new Map();
let asked = 100;
let tools = [];
let cancelled = false;
const send = (message) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', ...message }) + '\n');
const update = (data) => send({ method: 'session/update', params: { sessionId: 's', update: data } });
const say = (text) => update({ sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } });
const call = (toolCallId, data) => update({ sessionUpdate: 'tool_call_update', toolCallId, ...data });

function allowed(toolCall) {
  const id = (asked += 1);
  const choices = [
    { optionId: 'yes', name: 'Yes', kind: 'allow_once' },
    { optionId: 'no', name: 'No', kind: 'reject_once' },
  ];
  send({ id, method: 'session/request_permission', params: { sessionId: 's', toolCall, options: choices } });
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

/** Everything that a program in the sandbox could try; what came of it, a line each. */
async function tryToGetOut() {
  const reach = async (name, url, init) => {
    const outcome = await fetch(url, { signal: AbortSignal.timeout(5000), ...init }).then(
      async (response) => `answered ${response.status} ${(await response.text()).slice(0, 80)}`,
      (error) => `refused ${error.cause?.code ?? error.name}`,
    );
    return `${name}: ${outcome}`;
  };
  const direct = { method: 'POST', headers: { authorization: 'Bearer guessed' }, body: '{"messages":[]}' };
  return [
    await reach('metadata', 'http://169.254.169.254/latest/meta-data/'),
    await reach('vendor', 'https://api.openai.com/v1/models'),
    await reach(
      'model server',
      `http://127.0.0.1:${options.find((word) => word.startsWith('--vendor='))?.slice(9)}/v1/models`,
    ),
    await reach('another token', `${process.env.MODEL_URL}/v1/chat/completions`, direct),
    `shadow: ${existsSync('/etc/shadow') ? tryRead('/etc/shadow') : 'not there'}`,
    `write to /usr: ${tryWrite('/usr/here')}`,
    `write to its own program: ${tryWrite('/mnt/agent/here')}`,
  ];
}

function tryRead(path) {
  try {
    return `read ${readFileSync(path).length}`;
  } catch (error) {
    return error.code;
  }
}

function tryWrite(path) {
  try {
    writeFileSync(path, 'x');
    return 'written';
  } catch (error) {
    return error.code;
  }
}

async function turn(text) {
  const modeIn = (words) => /mode:([a-z]+)/.exec(words)?.[1];
  // One that takes its session up again knows what it was told before.
  const mode = modeIn(text) ?? (loads && existsSync(diary) ? modeIn(readFileSync(diary, 'utf8')) : undefined);
  if (loads) note(text.includes('# Task') ? `told all, mode:${mode}` : `told news`);
  if (text.includes('Now plan')) {
    await write('planned.txt', 'changed while it planned');
    if (mode === 'chatty' && !text.includes('no JSON object')) return say('I think this will be easy.');
    return say('```json\n' + JSON.stringify(plan) + '\n```');
  }
  if (text.includes('no JSON object')) return say('```json\n' + JSON.stringify(plan) + '\n```');
  if (mode === 'liar') return say('All is done and proven, R-1 is proven, exit 0.');
  if (mode === 'killed') process.kill(process.pid, 'SIGKILL');
  if (mode === 'silent') return new Promise(() => {});
  if (mode === 'stubborn' || mode === 'obedient') {
    spawn('sleep', ['4713'], { stdio: 'ignore' });
    spawn('sleep', ['4713'], { detached: true, stdio: 'ignore' }).unref();
    for (;;) {
      say('Still at it. ');
      await new Promise((resolve) => setTimeout(resolve, 100));
      if (mode === 'obedient' && cancelled) return null;
    }
  }
  if (mode === 'endless') for (;;) await new Promise((resolve) => process.stdout.write('x'.repeat(1_000_000), resolve));
  if (mode === 'flood')
    for (let n = 0; n < 20_000; n += 1) call(`c${n}`, { kind: 'read', title: 'x'.repeat(1000), status: 'completed' });
  if (mode === 'daemon') spawn('sleep', ['4712'], { detached: true, stdio: 'ignore' }).unref();
  if (mode === 'dies' && !existsSync('/tmp/died')) {
    mkdirSync('/tmp/died');
    console.error('out of luck');
    process.exit(3);
  }
  if (mode === 'escapes') await write('tried.txt', `${(await tryToGetOut()).join('\n')}\n`);
  if (mode === 'greedy') {
    const ids = Array.from({ length: 500 }, (_, n) => `greedy-${n}`);
    const answers = await Promise.all(
      ids.map((toolCallId) => allowed({ toolCallId, kind: 'edit', title: `Take ${toolCallId}` })),
    );
    say(`${answers.filter(Boolean).length} of ${answers.length} were allowed.`);
  }
  if (mode === 'tools') {
    await write('tools.json', JSON.stringify(tools));
    await write('told.txt', text);
  }
  say(await askModel());
  await write('hello.mjs', "console.log('hi');\n");
  await write('notes.md', 'done\n');
}

for await (const line of createInterface({ input: process.stdin })) void take(line);

async function take(line) {
  const { id, method, params, result } = JSON.parse(line);
  if (method === undefined) return waiting.get(id)?.(result);
  if (options.includes('--deaf')) return;
  if (method === 'initialize') {
    const agentInfo = { name: 'test-agent', title: 'Test agent', version: '0.1' };
    send({ id, result: { protocolVersion, agentInfo, agentCapabilities: { loadSession: loads } } });
  }
  if (method === 'session/new') {
    tools = params.mcpServers;
    if (loads) note('new session');
    const modes = { currentModeId: 'ask', availableModes: [{ id: 'ask', name: 'Ask' }] };
    send({ id, result: { sessionId: 's', modes } });
  }
  if (method === 'session/load') {
    note(`load ${params.sessionId}`);
    // What was said before is told again, an unfinished call too.
    update({ sessionUpdate: 'tool_call', toolCallId: 'old', kind: 'edit', title: 'Old', status: 'in_progress' });
    say('Old words.');
    send({ id, result: null });
  }
  if (method === 'session/cancel') cancelled = true;
  if (method === 'session/prompt') {
    cancelled = false;
    await turn(params.prompt.map((part) => part.text).join('\n'));
    if (cancelled) note('cancelled');
    send({ id, result: { stopReason: cancelled ? 'cancelled' : 'end_turn' } });
  }
}
