import { BackupSource } from '../backup/backup-source.ts';
import type { Plugins } from '../composition.ts';
import type { Log } from '../server/log.ts';
import type { Database } from '../store/database.ts';
import type { EventStore } from '../store/event-store.ts';
import type { UploadFiles } from '../uploads/upload-files.ts';
import { BlobIndex } from './blob-index.ts';
import { Cleaning } from './clean-up.ts';
import { Leftovers } from './leftovers.ts';
import { RunRemoval } from './run-removal.ts';
import { StorageMeter } from './storage-use.ts';
import { TombstoneStore } from './tombstone.store.ts';

/** What keeps, measures and frees space. */
export interface Storage {
  readonly backup: BackupSource;
  readonly meter: StorageMeter;
  readonly cleaning: Cleaning;
  readonly removal: RunRemoval;
  readonly tombstones: TombstoneStore;
}

export interface StoragePlace {
  readonly database: Database;
  readonly events: EventStore;
  readonly uploads: UploadFiles;
  readonly plugins: Plugins;
  readonly quotaBytes: number | null;
  readonly log: Log;
}

export function openStorage(place: StoragePlace): Storage {
  const { database, events, uploads, log } = place;
  const { blobs, driver } = place.plugins;
  const backup = new BackupSource({ database, blobs, uploads });
  const index = new BlobIndex({ database, events, blobs });
  const leftovers = new Leftovers(database, driver);
  const cleaning = new Cleaning({ database, blobs, index, leftovers, backup });
  const cleanUp = (): void => {
    cleaning.run().catch((error: unknown) => log.warn({ reason: String(error) }, 'a clean-up did not get through'));
  };
  return {
    backup,
    cleaning,
    meter: new StorageMeter({ database, blobs, index, leftovers, quotaBytes: place.quotaBytes }),
    removal: new RunRemoval({ database, events, uploads, index, leftovers, backup, cleanUp }),
    tombstones: new TombstoneStore(database),
  };
}
