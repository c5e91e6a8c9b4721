import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { storageByRunQuery, storagePlaceQuery, useStorageTest } from '../../api/deliveries.ts';
import { cleanUpQuery, storageQuery } from '../../api/queries.ts';
import { Button } from '../../components/ui/button.tsx';
import { Failure, Notice } from '../../components/ui/notice.tsx';
import { bytes } from '../../words/format.ts';

/** Where work is kept, whether that works, what each run takes, and what a clean-up would free. */
export function StorageSettings() {
  const [place, use, runs, cleanUp] = [
    useQuery(storagePlaceQuery),
    useQuery(storageQuery),
    useQuery(storageByRunQuery),
    useQuery(cleanUpQuery),
  ];
  const test = useStorageTest();
  return (
    <div className="grid gap-3 rounded-lg border border-line bg-panel px-4 py-3.5">
      {place.data && (
        <p>
          Checkpoints, evidence and delivered files are kept in{' '}
          {place.data.kind === 'azure' ? 'Azure Blob Storage' : 'a folder of this machine'}:{' '}
          <code className="wrap-anywhere">{place.data.place}</code>
        </p>
      )}
      <div className="flex flex-wrap items-center gap-3">
        <Button busy={test.isPending} onClick={() => test.mutate()}>
          {test.isPending ? 'Trying…' : 'Write, read and remove'}
        </Button>
        <span className="text-small text-ink-3">
          The server chooses by DEVFACTORY_BLOB_STORE; move-blobs takes everything along.
        </span>
      </div>
      <div aria-live="polite">
        {test.data && (
          <Notice tone={test.data.ok ? 'ok' : 'bad'} title={test.data.sentence}>
            {test.data.ms} ms
          </Notice>
        )}
        {test.error && <Failure what="It could not be tried" error={test.error} />}
      </div>
      {use.data && (
        <p className="text-ink-2">
          {bytes(use.data.quota.used)}
          {use.data.quota.bytes === null ? '' : ` of ${bytes(use.data.quota.bytes)}`} are kept in all.{' '}
          {cleanUp.data &&
            (cleanUp.data.removed.count === 0
              ? 'A clean-up would free nothing now.'
              : `A clean-up would free ${bytes(cleanUp.data.removed.bytes)}.`)}
        </p>
      )}
      {runs.data && runs.data.runs.length > 0 && (
        <table className="w-full text-left">
          <thead className="text-small text-ink-3">
            <tr>
              <th className="py-1 font-medium">Run</th>
              <th className="py-1 text-right font-medium">Keeps</th>
              <th className="py-1 pl-3 text-right font-medium">Its own</th>
              <th className="py-1 pl-3 text-right font-medium">Workspace</th>
            </tr>
          </thead>
          <tbody>
            {runs.data.runs.map((run) => (
              <tr key={run.id} className="border-t border-line">
                <td className="py-1 pr-3 wrap-anywhere">
                  <Link to="/runs/$runId" params={{ runId: run.id }} className="hover:underline">
                    {run.name}
                  </Link>
                </td>
                <td className="py-1 text-right whitespace-nowrap">{bytes(run.blobs.bytes)}</td>
                <td className="py-1 pl-3 text-right whitespace-nowrap">{bytes(run.ownBlobs.bytes)}</td>
                <td className="py-1 pl-3 text-right whitespace-nowrap">
                  {run.workspaceBytes === null ? 'none here' : bytes(run.workspaceBytes)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}
