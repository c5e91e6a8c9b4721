import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import { DomainError } from '@devfactory/kit';
import { composePlugins } from '../composition.ts';
import { Closers } from '../server/closers.ts';
import { makeDataDirectory, openDataDirectory } from '../server/data-directory.ts';
import { holdDataDirectory } from '../server/instance-lock.ts';
import type { Log } from '../server/log.ts';
import { openStore } from '../server/open-store.ts';
import { migrate } from '../store/migrate.ts';
import { UploadFiles } from '../uploads/upload-files.ts';
import { verifyBackup } from './record-reader.ts';
import { restoreBackup, type RestoreReceipt } from './restore-backup.ts';

export interface RestorePlace {
  readonly dataDir: string;
  readonly databaseUrl?: string;
  readonly log: Log;
}

/** Restores a backup file into a data directory on which no server runs. Throws data_dir_busy, not_empty, backup_damaged. */
export async function restoreFrom(path: string, place: RestorePlace): Promise<RestoreReceipt> {
  await access(path, constants.R_OK).catch((error: unknown) => {
    throw new DomainError('backup_missing', 'not-found', {
      message: `The backup ${path} is not there or cannot be read.`,
      cause: error,
    });
  });
  // Before anything is made: a bad file leaves nothing behind.
  await verifyBackup(path);
  const closers = new Closers(() => place.log);
  try {
    await makeDataDirectory(resolve(place.dataDir));
    closers.add('lock', await holdDataDirectory(resolve(place.dataDir)));
    const directory = await openDataDirectory(resolve(place.dataDir));
    const { database } = await openStore({
      directory,
      databaseUrl: place.databaseUrl ?? null,
      log: place.log,
      closers,
    });
    await migrate(database);
    const { blobs } = composePlugins({
      dataDir: directory.path,
      runtimeDir: directory.runtimeDir,
      tell: (line) => place.log.warn({}, line),
    });
    return await restoreBackup({ database, blobs, uploads: await UploadFiles.in(directory.path, database) }, path);
  } finally {
    await closers.close();
  }
}
