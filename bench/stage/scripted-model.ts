import { ModelServer, type ModelServerRequest, type ModelTurn } from '@devfactory/kit/testing/model-server';
import type { Bench } from './bench.ts';

type Call = NonNullable<ModelTurn['calls']>[number];
const call = (name: string, input: object): Call => ({ name, input });
const finish = call('finish', { summary: 'All is done.' });

const spec = {
  kind: 'command',
  argv: ['/bin/bash', 'greet.sh', 'Ada'],
  expect: { exitCode: 0, stdoutIncludes: ['Hello, Ada!'] },
};
const requirements = [
  {
    text: 'When greet.sh is run with a name, the system shall print "Hello, NAME!".',
    checks: [{ title: 'greets Ada', spec }],
  },
];

/** A model on loopback that plans one requirement and works on it in steps that write, edit, look and run. */
export class ScriptedModel {
  /** Requests of the planning and of the working phase. */
  readonly planned: ModelServerRequest[] = [];
  readonly worked: ModelServerRequest[] = [];
  readonly environment: Readonly<Record<string, string>>;

  private constructor(server: ModelServer, steps: number, hangAt: number) {
    this.environment = {
      OPENAI_COMPATIBLE_BASE_URL: `${server.url}/v1`,
      DEVFACTORY_MODEL: 'openai-compatible/scripted',
    };
    server.models = [{ id: 'scripted', max_model_len: 200_000 }];
    server.script = (request) => {
      if (request.body.includes('"name":"propose_requirements"') && !request.body.includes('"name":"write"')) {
        this.planned.push(request);
        return { calls: [call('propose_requirements', { summary: 'One program.', requirements }), finish] };
      }
      this.worked.push(request);
      const step = answersIn(request) + 1;
      return step === hangAt ? { fault: { kind: 'hang', at: 0 } } : turnOf(step, steps);
    };
  }

  /** `hangAt`: a step whose answer never comes, so that runs stand still there. 0: none. */
  static async start(bench: Bench, { steps, hangAt = 0 }: { steps: number; hangAt?: number }): Promise<ScriptedModel> {
    const server = await ModelServer.start();
    bench.after(() => server.close());
    return new ScriptedModel(server, steps, hangAt);
  }
}

/** Answers that a request shows the model of itself. */
function answersIn({ body }: ModelServerRequest): number {
  return messagesOf(body).filter(({ role }) => role === 'assistant').length;
}

function messagesOf(body: string): { readonly role: string }[] {
  return (JSON.parse(body) as { messages: { role: string }[] }).messages;
}

/** Whether a request holds all messages of the one before it, to the byte. */
export function extendsIt(before: ModelServerRequest, after: ModelServerRequest): boolean {
  return JSON.stringify(messagesOf(after.body)).startsWith(JSON.stringify(messagesOf(before.body)).slice(0, -1));
}

function turnOf(step: number, steps: number): ModelTurn {
  if (step >= steps) return { calls: [finish] };
  if (step === 1) return { text: 'First the program.', calls: [call('write', { path: 'greet.sh', content: greets })] };
  const note = `notes/${step - (step % 3)}.md`;
  if (step % 3 === 0) return { calls: [call('write', { path: note, content: `# ${step}\n${'words '.repeat(40)}\n` })] };
  if (step % 3 === 1) return { calls: [call('edit', { path: note, find: '# ', replace: '## ' })] };
  return { calls: [call('shell', { command: 'bash greet.sh Ada; ls notes 2>/dev/null | wc -l' })] };
}

const greets = 'echo "Hello, $1!"\n';
