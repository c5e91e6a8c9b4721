import type { ProbeReport, Workspace, WorkspaceDriver, WorkspaceSpec } from '@devfactory/kit';
import { ModelsPort, SharedSandbox } from './shared-sandbox.ts';

/** Workspaces of runs; those of checks are used by one verification alone. */
const ofRun = /^run-[a-z2-7]{16}$/;

/**
 * Lends a run's one sandbox to several holders at once: the worker with its agent, a person's terminal, an IDE, a preview. The first to
 * open starts it, the last to close ends it. Everything else goes to the driver as it is.
 */
export class SharedDriver implements WorkspaceDriver {
  readonly id: string;
  readonly usage?: NonNullable<WorkspaceDriver['usage']>;
  readonly #driver: WorkspaceDriver;
  readonly #sandboxes = new Map<string, SharedSandbox>();
  /** Openings and endings of one sandbox come one after the other. */
  readonly #turns = new Map<string, Promise<unknown>>();

  constructor(driver: WorkspaceDriver) {
    this.#driver = driver;
    this.id = driver.id;
    const usage = driver.usage?.bind(driver);
    if (usage) this.usage = usage;
  }

  probe(): Promise<ProbeReport> {
    return this.#driver.probe();
  }

  /**
   * A hold on the sandbox, started when it does not stand. Who asks for one with another way out (a worker that fetches a repository)
   * gets it, and the others are told that theirs is gone.
   */
  open(spec: WorkspaceSpec): Promise<Workspace> {
    if (!ofRun.test(spec.id)) return this.#driver.open(spec);
    return this.#inTurn(spec.id, async () => {
      const known = this.#sandboxes.get(spec.id);
      if (known?.serves(spec)) return known.lend(spec);
      await known?.evict('The workspace was opened anew for the run’s own work.');
      const sandbox = await this.#start(spec);
      this.#sandboxes.set(spec.id, sandbox);
      return sandbox.lend(spec);
    });
  }

  async #start(spec: WorkspaceSpec): Promise<SharedSandbox> {
    // Always there, as a worker whose agent asks models may come later than a person.
    const models = new ModelsPort();
    const real = await this.#driver.open({ ...spec, models: (connection) => models.accept(connection) });
    const forget = (): void => {
      if (this.#sandboxes.get(spec.id) === sandbox) this.#sandboxes.delete(spec.id);
    };
    const sandbox: SharedSandbox = new SharedSandbox(real, {
      spec,
      models,
      // In turn: whoever opens it next waits until it is closed, and whoever came in between keeps it.
      ended: (close) =>
        this.#inTurn(spec.id, async () => {
          if (sandbox.isHeld || !sandbox.stands) return;
          forget();
          await close();
        }),
    });
    void real.gone.then(forget);
    return sandbox;
  }

  /** A further hold on a sandbox that stands; null when none does. */
  join(id: string): Promise<Workspace | null> {
    return this.#inTurn(id, async () => {
      const known = this.#sandboxes.get(id);
      return known?.stands ? known.lend({}) : null;
    });
  }

  /** Ends the sandbox first, whoever holds it. */
  remove(id: string): Promise<void> {
    return this.#inTurn(id, async () => {
      await this.#sandboxes.get(id)?.evict('The workspace was removed.');
      this.#sandboxes.delete(id);
      await this.#driver.remove(id);
    });
  }

  list(): Promise<readonly string[]> {
    return this.#driver.list();
  }

  #inTurn<T>(id: string, act: () => Promise<T>): Promise<T> {
    const next = (this.#turns.get(id) ?? Promise.resolve()).then(act);
    const settled = next
      .catch(() => undefined)
      .then(() => {
        if (this.#turns.get(id) === settled) this.#turns.delete(id);
      });
    this.#turns.set(id, settled);
    return next;
  }
}
