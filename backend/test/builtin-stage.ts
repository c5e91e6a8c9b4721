import { ModelServer, type ModelServerRequest, type ModelTurn } from '@devfactory/kit/testing';
import type { ServerOptions } from '../src/index.ts';
import { Factory } from './factory.ts';

export const model = 'openai-compatible/scripted';

type Call = NonNullable<ModelTurn['calls']>[number];
export const call = (name: string, input: object): Call => ({ name, input });
export const finish = call('finish', { summary: 'All is done.' });

/** A plan with one command check that only a whole program passes. */
export const planCalls: readonly Call[] = [
  call('propose_requirements', {
    summary: 'One program.',
    requirements: [
      {
        text: 'When greet.sh is run with a name, the system shall print "Hello, NAME!".',
        checks: [
          {
            title: 'greets Ada',
            spec: {
              kind: 'command',
              argv: ['/bin/bash', 'greet.sh', 'Ada'],
              expect: { exitCode: 0, stdoutIncludes: ['Hello, Ada!'] },
            },
          },
        ],
      },
    ],
  }),
  finish,
];

/** Steps of work that write, look, edit and run, and leave a program that is right. */
export function workTurns(steps: number): ModelTurn[] {
  const turns: ModelTurn[] = [
    { text: 'I write the program first.', calls: [call('write', { path: 'greet.sh', content: 'echo "Hi, $1"\n' })] },
    { calls: [call('read', { path: 'greet.sh' }), call('list', {})] },
    { calls: [call('edit', { path: 'greet.sh', find: 'echo "Hi, $1"', replace: 'echo "Hello, $1!"' })] },
    { calls: [call('shell', { command: 'bash greet.sh Ada' })] },
  ];
  while (turns.length < steps - 1) {
    const n = turns.length;
    turns.push(
      n % 3 === 0
        ? { calls: [call('write', { path: `notes/${n}.md`, content: `# Note ${n}\n${'words '.repeat(40)}\n` })] }
        : n % 3 === 1
          ? {
              calls: [
                call('edit', {
                  path: `notes/${n - 1}.md`,
                  find: `# Note ${n - 1}`,
                  replace: `# Note ${n - 1}, edited`,
                }),
              ],
            }
          : { calls: [call('shell', { command: `grep -rn "Note ${n - 2}" notes | head -5` })] },
    );
  }
  return [...turns, { calls: [finish] }];
}

/** A factory whose default model is a scripted one, with patience for tests. */
export class BuiltinStage {
  readonly server: ModelServer;
  readonly factory: Factory;
  /** To start the factory with again. */
  readonly environment: Readonly<Record<string, string>>;
  readonly limits = limits;
  /** What the model says when it plans and when it works, by the number of answers it gave in that phase. */
  plan: (n: number, request: ModelServerRequest) => ModelTurn = () => ({ calls: planCalls });
  work: (n: number, request: ModelServerRequest) => ModelTurn = () => ({ calls: [finish] });
  #planned = 0;
  #worked = 0;

  private constructor(server: ModelServer, factory: Factory, environment: Readonly<Record<string, string>>) {
    this.environment = environment;
    this.server = server;
    this.factory = factory;
    server.script = (request) =>
      isPlan(request) ? this.plan(++this.#planned, request) : this.work(++this.#worked, request);
  }

  static async start(key = 'sk-scripted', more: NonNullable<ServerOptions['limits']> = {}): Promise<BuiltinStage> {
    const server = await ModelServer.start();
    server.key = key;
    server.models = [{ id: 'scripted', max_model_len: 200_000 }];
    const environment = {
      OPENAI_COMPATIBLE_BASE_URL: `${server.url}/v1`,
      OPENAI_COMPATIBLE_API_KEY: key,
      DEVFACTORY_MODEL: model,
    };
    const factory = await Factory.start({ environment, limits: { ...limits, ...more } });
    return new BuiltinStage(server, factory, environment);
  }

  /** Forgets what was asked, for the next run. */
  begin(): void {
    this.#planned = 0;
    this.#worked = 0;
    this.server.requests.length = 0;
    this.server.aborted = 0;
    this.server.models = [{ id: 'scripted', max_model_len: 200_000 }];
  }

  /** Requests of the working phase. */
  get workRequests(): ModelServerRequest[] {
    return this.server.requests.filter((request) => !isPlan(request));
  }

  async end(): Promise<void> {
    await this.factory.end();
    await this.server.close();
  }
}

function isPlan(request: ModelServerRequest): boolean {
  return request.body.includes('"name":"propose_requirements"') && !request.body.includes('"name":"write"');
}

/** Whether each request holds all messages of the one before it, to the byte, and the same tools. */
export function isPrefix(before: ModelServerRequest, after: ModelServerRequest): boolean {
  const [first, second] = [messagesOf(before), messagesOf(after)];
  return second.startsWith(first.slice(0, -1));
}

function messagesOf({ body }: ModelServerRequest): string {
  return JSON.stringify((JSON.parse(body) as { messages: unknown }).messages);
}

/** As patient as tests can be. */
const patience = {
  attempts: 4,
  backoffMs: 5,
  longestBackoffMs: 50,
  longestRetryAfterMs: 5_000,
  firstPartMs: 2_000,
  nextPartMs: 1_000,
  wholeAnswerMs: 10_000,
  answerBytes: 1_000_000,
};

const limits = { model: patience };
