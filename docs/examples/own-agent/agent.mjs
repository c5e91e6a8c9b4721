/*
 * An agent of one's own in about a hundred lines of Node, without a library: it speaks the Agent Client Protocol on standard input and
 * output, and Chat Completions with the run's model. It has one tool, a shell, and asks before each use of it.
 */
import { exec } from 'node:child_process';
import { createInterface } from 'node:readline';

const mostSteps = 30;
const tool = {
  type: 'function',
  function: {
    name: 'bash',
    description: 'Runs a command in the project folder and gives what it printed.',
    parameters: { type: 'object', properties: { command: { type: 'string' } }, required: ['command'] },
  },
};

/** The conversation with the model, which goes on from prompt to prompt. */
const messages = [{ role: 'system', content: 'You are a careful programmer. Use the tool bash for everything.' }];
const answers = new Map();
let lastId = 0;
let cancelled = false;

const send = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
const tell = (update) => send({ method: 'session/update', params: { sessionId: 'only', update } });

/** Asks the factory for something and waits for its answer. */
function ask(method, params) {
  const id = (lastId += 1);
  send({ id, method, params });
  return new Promise((resolve) => answers.set(id, resolve));
}

async function askModel() {
  const response = await fetch(`${process.env.OPENAI_BASE_URL}/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${process.env.OPENAI_API_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: process.env.OPENAI_MODEL, messages, tools: [tool] }),
  });
  if (!response.ok) throw new Error(`the model answered ${response.status}: ${await response.text()}`);
  return (await response.json()).choices[0].message;
}

/** A command that the model wants run: asked for, told while it goes on, and what came of it. */
async function runCall(call) {
  const { command = '' } = JSON.parse(call.function.arguments);
  const toolCall = { toolCallId: call.id, title: command, kind: 'execute', rawInput: { command } };
  tell({ sessionUpdate: 'tool_call', status: 'pending', ...toolCall });
  const options = [
    { optionId: 'yes', name: 'Run it', kind: 'allow_once' },
    { optionId: 'no', name: 'Do not', kind: 'reject_once' },
  ];
  const { outcome } = await ask('session/request_permission', { sessionId: 'only', toolCall, options });
  const allowed = outcome.outcome === 'selected' && outcome.optionId === 'yes';
  const { ok, text } = allowed ? await run(command) : { ok: false, text: 'The person does not allow it.' };
  const content = [{ type: 'content', content: { type: 'text', text } }];
  tell({ sessionUpdate: 'tool_call_update', toolCallId: call.id, status: ok ? 'completed' : 'failed', content });
  return text;
}

function run(command) {
  return new Promise((resolve) => {
    exec(command, { timeout: 300_000, maxBuffer: 4_000_000 }, (error, stdout, stderr) => {
      const said = `${stdout}${stderr}`.slice(-20_000);
      resolve({ ok: !error, text: error ? `${said}\n[exit ${error.code ?? error.signal}]` : said || '[no output]' });
    });
  });
}

/** One turn: the model and its calls, until it only talks. */
async function turn(text) {
  messages.push({ role: 'user', content: text });
  for (let step = 0; step < mostSteps && !cancelled; step += 1) {
    const answer = await askModel();
    messages.push(answer);
    if (answer.content) tell({ sessionUpdate: 'agent_message_chunk', content: { type: 'text', text: answer.content } });
    if (!answer.tool_calls?.length) return 'end_turn';
    for (const call of answer.tool_calls)
      messages.push({ role: 'tool', tool_call_id: call.id, content: await runCall(call) });
  }
  return cancelled ? 'cancelled' : 'max_turn_requests';
}

/** What the factory asks. Whatever this agent does not know is refused in JSON-RPC's words. */
const requests = {
  initialize: () => ({
    protocolVersion: 1,
    agentInfo: { name: 'sample', title: 'Sample agent', version: '1.0.0' },
    agentCapabilities: {},
  }),
  'session/new': () => ({ sessionId: 'only' }),
  'session/prompt': async ({ prompt }) => {
    cancelled = false;
    return { stopReason: await turn(prompt.map((part) => part.text ?? '').join('\n')) };
  },
};

async function take({ id, method, params, result }) {
  if (method === 'session/cancel') cancelled = true;
  else if (method === undefined) answers.get(id)?.(result ?? { outcome: { outcome: 'cancelled' } });
  else if (id !== undefined && !requests[method]) send({ id, error: { code: -32601, message: `no ${method} here` } });
  else if (id !== undefined) {
    try {
      send({ id, result: await requests[method](params) });
    } catch (error) {
      send({ id, error: { code: -32603, message: String(error.message ?? error) } });
    }
  }
}

for await (const line of createInterface({ input: process.stdin })) if (line.trim() !== '') void take(JSON.parse(line));
