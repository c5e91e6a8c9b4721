import { ModelServer, type ModelServerRequest, type ModelTurn } from '@devfactory/kit/testing/model-server';
import { Factory } from './factory.ts';
import { test as base } from './test.ts';

export const key = 'DFCANARY_browser_00112233';
export const model = 'openai-compatible/scripted';

type Call = NonNullable<ModelTurn['calls']>[number];
export const call = (name: string, input: object): Call => ({ name, input });
export const finish = call('finish', { summary: 'All is done.' });
export const greet = call('write', { path: 'greet.sh', content: 'echo "Hello, $1!"\n' });

const spec = {
  kind: 'command',
  argv: ['/bin/bash', 'greet.sh', 'Ada'],
  expect: { exitCode: 0, stdoutIncludes: ['Hello, Ada!'] },
};
const wish = {
  text: 'When greet.sh is run with a name, the system shall print "Hello, NAME!".',
  checks: [{ title: 'greets Ada', spec }],
};

/** An answer that a test lets go when it has seen what it wanted to see. */
export interface Gate {
  readonly opened: Promise<void>;
  open(): void;
}

export function gate(): Gate {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

/** A vendor on loopback, in the wire formats of all. It plans by itself; what it says while it works is the test's. */
export class Vendor {
  readonly server: ModelServer;
  work: (n: number, request: ModelServerRequest) => ModelTurn | Promise<ModelTurn> = () => ({ calls: [finish] });
  #worked: ModelServerRequest[] = [];

  private constructor(server: ModelServer) {
    this.server = server;
    server.key = key;
    server.models = [
      { id: 'scripted', max_model_len: 100_000 },
      { id: 'another', max_model_len: 8192 },
    ];
    this.begin();
  }

  static async start(): Promise<Vendor> {
    return new Vendor(await ModelServer.start());
  }

  /** Requests of the working phase. */
  get asked(): readonly ModelServerRequest[] {
    return this.#worked;
  }

  /** For the next test: forgets what was asked and said. */
  begin(): void {
    this.#worked = [];
    this.work = () => ({ calls: [finish] });
    this.server.script = (request) => {
      if (request.body.includes('"name":"echo"')) return echoed(request);
      if (request.body.includes('"name":"propose_requirements"'))
        return { calls: [call('propose_requirements', { summary: 'One.', requirements: [wish] }), finish] };
      this.#worked.push(request);
      return this.work(this.#worked.length, request);
    };
  }
}

/** What a test of the connection asks for: a call, then words about its answer. */
function echoed({ body }: ModelServerRequest): ModelTurn {
  const answered = /"role":"tool"|function_call_output|tool_result|functionResponse/.test(body);
  return answered ? { text: 'devfactory, it said' } : { calls: [{ name: 'echo', input: { text: 'devfactory' } }] };
}

/** A server whose environment names one endpoint that answers and one that is away. */
export const test = base.extend<object, { readonly vendor: Vendor; readonly factory: Factory }>({
  vendor: [
    // oxlint-disable-next-line no-empty-pattern -- because Playwright reads from the pattern what a fixture needs.
    async ({}, use) => {
      const vendor = await Vendor.start();
      await use(vendor);
      await vendor.server.close();
    },
    { scope: 'worker' },
  ],
  factory: [
    async ({ vendor }, use) => {
      const factory = await Factory.start({
        OPENAI_COMPATIBLE_BASE_URL: `${vendor.server.url}/v1`,
        OPENAI_COMPATIBLE_API_KEY: key,
        // Nobody listens there.
        ANTHROPIC_API_KEY: 'sk-ant-of-tests',
        ANTHROPIC_BASE_URL: 'http://127.0.0.1:9/v1',
      });
      await use(factory);
      await factory.stop();
    },
    { scope: 'worker', timeout: 120_000 },
  ],
});
