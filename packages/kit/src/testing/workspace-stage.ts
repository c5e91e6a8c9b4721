import type { Workspace, WorkspaceDriver, WorkspaceLimits, WorkspaceSpec } from '../workspace.ts';

export const suiteLimits: WorkspaceLimits = {
  memoryBytes: 1_000_000_000,
  processes: 200,
  cpus: 2,
  diskBytes: 1_500_000_000,
  files: 50_000,
  tmpBytes: 64_000_000,
};

/** Workspaces of one test file, closed and removed when it is over. */
export class Workspaces {
  readonly driver: WorkspaceDriver;
  readonly #opened: Workspace[] = [];

  constructor(driver: WorkspaceDriver) {
    this.driver = driver;
  }

  async open(id: string, more: Partial<WorkspaceSpec> = {}): Promise<Workspace> {
    const workspace = await this.driver.open({ id, limits: suiteLimits, egress: [], ...more });
    this.#opened.push(workspace);
    return workspace;
  }

  async closeAll(): Promise<void> {
    const opened = this.#opened.splice(0);
    for (const workspace of opened) await workspace.close();
    for (const { id } of opened) await this.driver.remove(id);
  }
}

/** Runs a script that must succeed, and gives what it printed. */
export async function shell(workspace: Workspace, script: string): Promise<string> {
  const result = await workspace.exec({ argv: ['bash', '-c', script], timeoutMs: 60_000 });
  if (result.exitCode !== 0) throw new Error(`${script}\n${JSON.stringify(result)}`);
  return result.stdout;
}
