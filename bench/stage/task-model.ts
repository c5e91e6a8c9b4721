import { ModelServer, type ModelServerRequest, type ModelTurn } from '@devfactory/kit/testing/model-server';

const command = 'mkdir -p src && echo "console.log(\'hi\');" > src/hello.js && node src/hello.js';
const spec = { kind: 'command', argv: ['node', 'src/hello.js'], expect: { exitCode: 0, stdoutIncludes: ['hi'] } };
const plan = { requirements: [{ text: 'There is a greeting.', checks: [{ title: 'it greets', spec }] }] };

interface Asked {
  readonly tools?: readonly { function: { name: string; parameters: { properties?: Record<string, unknown> } } }[];
  readonly messages: readonly { readonly role: string }[];
}

/*
 * A model on loopback, as a process of its own: it knows no agent, plans, writes and runs a program with the tool that runs commands, looks
 * at it once more, and ends. Tokens are counted as bytes by four, of all that was sent, as if no vendor kept anything between two requests.
 * It says its address in a line of JSON, and ends with its standard input.
 */
const server = await ModelServer.start((request) => {
  const turn = answer(request);
  const output = Math.ceil(JSON.stringify(turn).length / 4);
  return { ...turn, usage: { input: Math.ceil(request.body.length / 4), cached: 0, output } };
});
process.stdout.write(`${JSON.stringify({ url: server.url })}\n`);
process.stdin.resume().once('end', () => void server.close());

function answer({ body }: ModelServerRequest): ModelTurn {
  const { tools = [], messages } = JSON.parse(body) as Asked;
  const finish = tools.some((tool) => tool.function.name === 'finish')
    ? { calls: [{ name: 'finish', input: { summary: 'It greets.' } }] }
    : { text: 'Finished.' };
  if (tools.some((tool) => tool.function.name === 'propose_requirements'))
    return {
      calls: [
        { name: 'propose_requirements', input: plan },
        { name: 'finish', input: { summary: '' } },
      ],
    };
  // A title for the conversation, which some ask for.
  if (tools.length === 0) return { text: 'A title' };
  if (finish.text !== undefined && !body.includes('Make the requirements true'))
    return { text: `\`\`\`json\n${JSON.stringify(plan)}\n\`\`\`` };
  const shell = tools.find((tool) => /^(bash|run_shell_command|shell|exec_command)$/i.test(tool.function.name));
  const calls = messages.filter(({ role }) => role === 'tool').length;
  if (!shell || calls >= 2) return finish;
  const fields = shell.function.parameters.properties ?? {};
  const input = {
    ['cmd' in fields ? 'cmd' : 'command']: calls === 0 ? command : 'cat src/hello.js',
    ...('is_background' in fields ? { is_background: false } : {}),
    ...('description' in fields ? { description: 'greet' } : {}),
  };
  return { calls: [{ name: shell.function.name, input }] };
}
