import type { Row } from './row.ts';
import { agentTask } from './rows/agents.ts';
import { azureUpload } from './rows/azure-upload.ts';
import { checkpointStorage } from './rows/checkpoint-storage.ts';
import { checkpoint100k, checkpoint10k } from './rows/checkpoint.ts';
import { exec } from './rows/exec.ts';
import { firstEvent } from './rows/first-event.ts';
import { hotReload } from './rows/hot-reload.ts';
import { ide } from './rows/ide.ts';
import { idle } from './rows/idle.ts';
import { longRun } from './rows/long-run.ts';
import { mainJob } from './rows/main-job.ts';
import { modelMemory } from './rows/model-memory.ts';
import { modelWork } from './rows/model-work.ts';
import { peerTask } from './rows/peers.ts';
import { preview } from './rows/preview.ts';
import { verification } from './rows/verification.ts';
import { viewers } from './rows/viewers.ts';
import { warmStart } from './rows/warm-start.ts';
import type { Size } from './stage/bench.ts';

/** Every row there is, in the order of a run's life. */
export const allRows: readonly Row[] = [
  warmStart,
  firstEvent,
  exec,
  checkpoint10k,
  checkpoint100k,
  checkpointStorage,
  azureUpload,
  longRun,
  viewers,
  preview,
  hotReload,
  ide,
  idle,
  verification,
  modelWork,
  modelMemory,
  mainJob,
  agentTask,
  peerTask,
];

/** Only where they are asked for, by name or by size. */
const large = new Set([checkpoint100k, agentTask, peerTask]);

/** The rows that were named, or those of this size. Throws with the names there are. */
export function chooseRows(only: readonly string[], size: Size): readonly Row[] {
  if (only.length === 0) return allRows.filter((row) => !large.has(row) || size === 'long');
  return only.map((name) => {
    const row = allRows.find((item) => item.name === name);
    if (!row) throw new Error(`there is no row '${name}'; known are ${allRows.map((item) => item.name).join(', ')}`);
    return row;
  });
}
