import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  type CheckSpec,
  type CommandCheck,
  CreateRun,
  type PlanProposal,
  type ToolCall,
  type ToolResult,
} from '@devfactory/contracts';
import type { Agent } from '@devfactory/kit';
import { AgentStage, type PlayedTurn } from '@devfactory/kit/testing';
import type { AppCommand } from './app-process.ts';
import { httpProblem } from './http-check.ts';

/** The first Python here that has what a Flask project needs; null when none has. */
export const python =
  ['python3', '/usr/bin/python3'].find(
    (program) => spawnSync(program, ['-c', 'import flask, jwt, pytest']).status === 0,
  ) ?? null;

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly output: string;
}

/** Whether a program here does not say, at these arguments, what a generated project needs of it. */
export function missing(program: string, args: readonly string[], wanted: RegExp): boolean {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', timeout: 120_000 });
  return status !== 0 || !wanted.test(`${stdout}${stderr}`);
}

/** How packages are reached from here; a registry may have a name of its own, and a certificate. */
const reach = Object.fromEntries(
  Object.entries(process.env).filter(([name]) =>
    /^(?:npm_config_registry|npm_config_cafile|https?_proxy|no_proxy|node_extra_ca_certs|ssl_cert_file)$/i.test(name),
  ),
);

interface Start {
  /** A file that only projects of this kind have. */
  readonly mark: string;
  /** Run once in a shell before the project is first started. */
  readonly build?: string;
  readonly argv: (port: number) => readonly string[];
}

const starts: readonly Start[] = [
  {
    mark: 'wsgi.py',
    argv: (port) => [python ?? 'python3', '-B', '-m', 'flask', '--app', 'wsgi:app', 'run', `--port=${port}`],
  },
  {
    mark: 'public/index.html',
    argv: (port) => [
      python ?? 'python3',
      '-m',
      'http.server',
      '--bind',
      '127.0.0.1',
      '--directory',
      'public',
      `${port}`,
    ],
  },
  {
    mark: 'dist/index.html',
    argv: (port) => [python ?? 'python3', '-m', 'http.server', '--bind', '127.0.0.1', '--directory', 'dist', `${port}`],
  },
  { mark: 'src/main.ts', argv: () => [process.execPath, 'src/main.ts'] },
  { mark: 'go.mod', build: 'go build -o bin/service .', argv: () => ['bin/service'] },
  {
    mark: 'pom.xml',
    build: 'mvn --batch-mode --quiet -Dmaven.test.skip=true package',
    argv: () => ['java', '-XX:+UseSerialGC', '-cp', 'target/classes:target/lib/*', 'app.Main'],
  },
];

/** A run of the blueprint agent whose tool calls really happen in a folder of its own. */
export class GeneratedProject {
  readonly folder = mkdtempSync(join(tmpdir(), 'blueprint-'));
  readonly stage: AgentStage;

  constructor(agent: Agent, prompt: string, requirements: readonly string[] = []) {
    const request = CreateRun.parse({ prompt, requirements: requirements.map((text) => ({ text })) });
    this.stage = new AgentStage(agent, request, (call) => this.#answer(call));
  }

  async build(): Promise<{ plan: PlayedTurn; work: PlayedTurn; proposal: PlanProposal }> {
    const plan = await this.stage.play({ purpose: 'plan' });
    const work = await this.stage.play({ purpose: 'work' });
    const proposal = plan.calls.find((call) => call.tool === 'propose_requirements')?.input as PlanProposal;
    return { plan, work, proposal };
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), 'utf8');
  }

  run(program: string, args: readonly string[]): Ended {
    // The Node that runs these tests comes first: a launcher may have put another before it.
    const path = [
      join(this.folder, 'node_modules/.bin'),
      dirname(process.execPath),
      ...(python?.startsWith('/') ? [dirname(python)] : []),
      process.env['PATH'],
    ].join(':');
    const env = { ...reach, PATH: path, HOME: process.env['HOME'], PYTHONDONTWRITEBYTECODE: '1' };
    const { status, stdout, stderr } = spawnSync(program, args, {
      cwd: this.folder,
      encoding: 'utf8',
      env,
      timeout: 600_000,
    });
    return { code: status, stdout, stderr, output: `${stdout}${stderr}` };
  }

  /** Titles of checks that the built project does not pass, with what went wrong. */
  async failedChecks(proposal: PlanProposal): Promise<string[]> {
    const checks = proposal.requirements.flatMap((requirement) => requirement.checks);
    const command = this.#command();
    if (!command && checks.some(({ spec }) => spec.kind === 'http'))
      throw new Error('nothing is known that starts this project');
    const failed: string[] = [];
    for (const { title, spec } of checks) {
      const problem =
        spec.kind === 'http' && command
          ? await httpProblem(spec, command)
          : spec.kind === 'file'
            ? this.#fileProblem(spec.path, spec.includes ?? [])
            : spec.kind === 'command'
              ? this.#commandProblem(spec)
              : null;
      if (problem) failed.push(`${title}: ${problem}`);
    }
    return [...failed, ...this.#visitProblems(checks.map(({ spec }) => spec))];
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Visits of a page are locked tests of Node's runner: all of them at once, beside the project's own. */
  #visitProblems(specs: readonly CheckSpec[]): string[] {
    const visits = specs.flatMap((spec) =>
      spec.kind === 'test' ? spec.files.filter(({ path }) => path.startsWith('checks/')) : [],
    );
    if (visits.length === 0) return [];
    for (const { path, content } of visits) {
      mkdirSync(dirname(join(this.folder, path)), { recursive: true });
      writeFileSync(join(this.folder, path), content);
    }
    const paths = [...new Set(visits.map(({ path }) => path))].filter((path) => path.endsWith('.test.mjs'));
    const { code, output } = this.run(process.execPath, [
      '--test',
      '--test-isolation=none',
      '--test-force-exit',
      '--test-reporter=tap',
      ...paths,
    ]);
    rmSync(join(this.folder, 'checks'), { recursive: true });
    return code === 0 ? [] : [output.slice(-20_000)];
  }

  #fileProblem(path: string, includes: readonly string[]): string | null {
    const text = this.read(path);
    return includes.find((part) => !text.includes(part)) ?? null;
  }

  #commandProblem({ argv: [program = '', ...args], expect }: CommandCheck): string | null {
    const { code, stdout, stderr } = this.run(program, args);
    if (code !== expect.exitCode) return `exit code ${code}: ${stderr}`;
    const lacking = (expect.stdoutIncludes ?? []).find((text) => !stdout.includes(text));
    if (lacking !== undefined) return `stdout lacks ${lacking}:\n${stdout}`;
    const extra = (expect.stdoutExcludes ?? []).find((text) => stdout.includes(text));
    return extra === undefined ? null : `stdout has ${extra}:\n${stdout}`;
  }

  /** Null for what is called and never started, as a command line tool in Python is. */
  #command(): AppCommand | null {
    const start = starts.find(({ mark }) => existsSync(join(this.folder, mark)));
    if (!start) return null;
    if (start.build) {
      const { code, output } = this.run('/bin/sh', ['-c', start.build]);
      if (code !== 0) throw new Error(output);
    }
    return { cwd: this.folder, argv: start.argv };
  }

  #answer(call: ToolCall): ToolResult {
    const input = call.input as { path: string; content: string; command: string };
    if (call.tool === 'write') {
      const path = join(this.folder, input.path);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, input.content);
      return { outcome: 'ok', text: '', exitCode: null };
    }
    const { code, output } = this.run('/bin/sh', ['-c', input.command]);
    return { outcome: code === 0 ? 'ok' : 'error', text: output, exitCode: code };
  }
}
