import { requirementViews, type RequirementView, type RunState } from '@devfactory/contracts';
import { ModelServer, type ModelServerRequest, type ModelTurn } from '@devfactory/kit/testing';
import { call, finish } from '../builtin-stage.ts';
import { Factory } from '../factory.ts';
import { zip } from '../zip.ts';
import type { Exercise, Files } from './exercise.ts';

/** Compilers on a busy machine, in a clean sandbox for each answer, take their time. */
const patienceMs = 1_800_000;

/** How a run on one solution ended. */
export interface Replayed {
  readonly exercise: string;
  /** `right`, or what is wrong with the solution. */
  readonly solution: string;
  readonly status: string;
  readonly stage: string;
  readonly seconds: number;
  /** What was seen where the status is no one's wish; for who reads the list. */
  readonly said: string;
}

/** A factory whose model knows the solutions, and writes them through the tools as any model would. */
export class Oracle {
  readonly factory: Factory;
  readonly #server: ModelServer;
  readonly #known = new Map<string, { readonly exercise: Exercise; readonly files: Files }>();

  private constructor(server: ModelServer, factory: Factory) {
    this.#server = server;
    this.factory = factory;
    server.script = (request) => this.#answer(request);
  }

  static async start(): Promise<Oracle> {
    const server = await ModelServer.start();
    server.models = [{ id: 'oracle', max_model_len: 200_000 }];
    const environment = {
      OPENAI_COMPATIBLE_BASE_URL: `${server.url}/v1`,
      DEVFACTORY_MODEL: 'openai-compatible/oracle',
    };
    return new Oracle(server, await Factory.start({ environment }));
  }

  async replay(exercise: Exercise, solution: string): Promise<Replayed> {
    const files = solution === 'right' ? exercise.right : (exercise.wrong[solution] ?? {});
    const mark = `EXERCISE-${this.#known.size + 1}.`;
    this.#known.set(mark, { exercise, files });
    const prompt = `${mark} ${exercise.name}`;
    const source = await this.#source(exercise.base);
    const id = await this.factory.create({ prompt, autonomy: 'auto', ...source });
    const started = performance.now();
    const over = ({ stage }: RunState): boolean => ['finished', 'failed', 'waiting'].includes(stage.name);
    const state = await this.factory.until(id, over, patienceMs);
    const [view] = requirementViews(state);
    const status = view?.status ?? 'none';
    const seconds = Math.round((performance.now() - started) / 1000);
    const said = (status === 'proven') === (solution === 'right') || !view ? '' : `\n${sayOf(view)}`;
    return { exercise: exercise.name, solution, status, stage: state.stage.name, seconds, said };
  }

  async end(): Promise<void> {
    await this.factory.end();
    await this.#server.close();
  }

  async #source(base: Files): Promise<object> {
    const entries = Object.entries(base).map(([name, text]) => ({ name, data: Buffer.from(text) }));
    if (entries.length === 0) return {};
    const headers = { 'content-type': 'application/zip' };
    const { json } = await this.factory.ask('/api/uploads', { body: zip(entries), headers });
    return { source: { kind: 'upload', uploadId: (json as { uploadId: string }).uploadId, label: 'exercise' } };
  }

  #answer({ body }: ModelServerRequest): ModelTurn {
    const known = this.#known.get(/EXERCISE-\d+\./.exec(body)?.[0] ?? '');
    if (!known) throw new Error('no exercise is asked about');
    const { exercise, files } = known;
    if (body.includes('"name":"propose_requirements"') && !body.includes('"name":"write"')) {
      // A compiler on a busy machine takes its time.
      const checks = [{ title: 'answers as it should', spec: exercise.check, timeoutMs: 300_000 }];
      const requirements = [{ text: `The system shall solve: ${exercise.name}.`, checks }];
      return { calls: [call('propose_requirements', { summary: exercise.name, requirements }), finish] };
    }
    const { messages } = JSON.parse(body) as { messages: { role: string }[] };
    const paths = Object.keys(files);
    switch (messages.filter(({ role }) => role === 'assistant').length) {
      case 0:
        return { calls: [call('list', {}), ...paths.map((path) => call('read', { path }))] };
      case 1:
        return { calls: Object.entries(files).map(([path, content]) => call('write', { path, content })) };
      case 2:
        return { calls: [call('shell', { command: 'ls -la' })] };
      default:
        return { text: 'All of it works, I checked.', calls: [finish] };
    }
  }
}

function sayOf({ checks: [check] }: RequirementView): string {
  const { verdict, cause, excerpt } = check?.latest ?? {};
  const { reason, agrees } = check?.mutation ?? {};
  return JSON.stringify({ verdict, cause, excerpt, base: check?.base?.verdict, reason, agrees }, null, 2);
}
