import { useQuery } from '@tanstack/react-query';
import { previewQuery } from '../../api/deliveries.ts';
import { Mark } from '../../components/ui/mark.tsx';
import { bytes, counted } from '../../words/format.ts';
import { WaiveSecrets } from './waive-secrets.tsx';

/** What does not go, with why, and what would stop the delivery. Asked of the server, which looks at the bytes. */
export function StaysBehind({ runId, tree }: { readonly runId: string; readonly tree: string | null }) {
  const preview = useQuery({ ...previewQuery(runId, tree ?? '', { kind: 'zip' }), enabled: tree !== null });
  if (!preview.data)
    return (
      <p className="mt-1.5 text-small text-ink-3">
        Ignored files and re-creatable caches stay behind. A secret in a file stops the delivery, and the file is named.
      </p>
    );
  const { excluded, gates, secrets } = preview.data;
  return (
    <div className="mt-2 grid gap-2">
      <ul aria-label="Gates" className="grid gap-1">
        {gates
          .filter(({ gate }) => gate !== 'destination')
          .map(({ gate, open, sentence }) => (
            <li key={gate} className="flex gap-2">
              <Mark shape={open ? 'disc' : 'square'} tone={open ? 'ok' : 'bad'} size={14} className="mt-0.5" />
              <div className="min-w-0">
                <p className={open ? 'text-ink-2' : 'break-words text-bad'}>{sentence}</p>
                {gate === 'secrets' && secrets.length > 0 && (
                  <WaiveSecrets runId={runId} tree={preview.data.tree} secrets={secrets} />
                )}
              </div>
            </li>
          ))}
      </ul>
      <details className="text-ink-2">
        <summary className="min-h-6">
          {excluded.length === 0
            ? 'Nothing stays behind'
            : excluded.length === 1
              ? '1 path stays behind'
              : `${excluded.length} paths stay behind`}
        </summary>
        <ul className="mono mt-1">
          {excluded.map(({ path, why, files, bytes: size }) => (
            <li key={path} className="wrap-anywhere">
              {path}{' '}
              <span className="text-ink-3">
                {why}
                {files > 0 && `, ${counted(files, 'file')}, ${bytes(size)}`}
              </span>
            </li>
          ))}
        </ul>
      </details>
    </div>
  );
}
