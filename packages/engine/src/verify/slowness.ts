import { availableParallelism, loadavg } from 'node:os';

/** Processes that want to run, for each core. Fewer are no reason: our own checks are one for each, and have helpers. */
const busyFrom = 2;
const most = 5;

/** How many times as long as on a machine at rest something takes on this one, because others want its cores too; 1 where it is not busy. */
export function slownessOf(load: number, cores: number): number {
  const each = load / Math.max(1, cores);
  return each < busyFrom ? 1 : Math.min(most, Math.ceil(each));
}

export function slownessNow(): number {
  return slownessOf(loadavg()[0] ?? 0, availableParallelism());
}
