import { killStrays } from './process-tree.ts';
import type { Task } from './process-tree.ts';

/** Everything that the host started and that has not ended, commands and terminals: what belongs to none of it is killed. */
export class LiveTasks {
  readonly #live = new Map<string, Task>();

  add(task: Task): void {
    this.#live.set(task.tag, task);
  }

  get(tag: string): Task | undefined {
    return this.#live.get(tag);
  }

  /** Ends every process of the task; one that ended already is no error. */
  end(task: Task): void {
    if (this.#live.delete(task.tag)) killStrays([...this.#live.values()]);
  }
}
