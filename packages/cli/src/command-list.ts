import type { Command } from './command.ts';
import { acp } from './commands/acp.ts';
import { agents } from './commands/agents.ts';
import { approve } from './commands/approve.ts';
import { backup, restore } from './commands/backup.ts';
import { checkpoints, nameCheckpoint, pinCheckpoint, unpinCheckpoint } from './commands/checkpoints.ts';
import { compare } from './commands/compare.ts';
import { doctor } from './commands/doctor.ts';
import { exportResult } from './commands/export.ts';
import { moveFile, removeFile } from './commands/files.ts';
import { fork } from './commands/fork.ts';
import { guidance, trust } from './commands/guidance.ts';
import { dropHeldOut, holdOut } from './commands/hold-out.ts';
import { intake } from './commands/intake.ts';
import { issues } from './commands/issues.ts';
import { link } from './commands/link.ts';
import { logs } from './commands/logs.ts';
import { budget, use } from './commands/model-and-money.ts';
import { models, provider } from './commands/models.ts';
import { moveBlobs } from './commands/move-blobs.ts';
import { preview } from './commands/preview.ts';
import { archiveRun, deleteRun } from './commands/remove-run.ts';
import { restoreCheckpoint, undoRestore } from './commands/restore-checkpoint.ts';
import { run } from './commands/run.ts';
import { runs } from './commands/runs.ts';
import { shell } from './commands/shell.ts';
import { show } from './commands/show.ts';
import { signingKey } from './commands/signing-key.ts';
import { cancel, feedback, pause, resume } from './commands/steer.ts';
import { cleanUp, storage } from './commands/storage.ts';
import { takeBase } from './commands/take-base.ts';
import { up } from './commands/up.ts';
import { verifyDelivery } from './commands/verify-delivery.ts';
import { waiveSecrets } from './commands/waive-secrets.ts';

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [
  up,
  run,
  runs,
  show,
  logs,
  preview,
  shell,
  moveFile,
  removeFile,
  feedback,
  pause,
  resume,
  cancel,
  approve,
  holdOut,
  dropHeldOut,
  use,
  budget,
  agents,
  issues,
  intake,
  models,
  provider,
  guidance,
  trust,
  checkpoints,
  compare,
  fork,
  restoreCheckpoint,
  undoRestore,
  nameCheckpoint,
  pinCheckpoint,
  unpinCheckpoint,
  exportResult,
  waiveSecrets,
  takeBase,
  link,
  archiveRun,
  deleteRun,
  storage,
  cleanUp,
  backup,
  restore,
  moveBlobs,
  verifyDelivery,
  signingKey,
  acp,
  doctor,
];
