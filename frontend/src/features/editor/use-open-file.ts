import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { factory } from '../../api/factory.ts';
import { OpenFile, type FileLook } from './open-file.ts';

/** The file, open as long as it is looked at, and read anew whenever the run made a step. */
export function useOpenFile(runId: string, path: string, news: string): { file: OpenFile; look: FileLook } {
  const file = useMemo(() => new OpenFile({ runs: factory.runs, runId, path, drafts: localStorage }), [runId, path]);
  const look = useSyncExternalStore(file.subscribe, file.look);
  useEffect(() => void file.read(), [file, news]);
  useEffect(() => {
    const save = (): void => {
      if (document.visibilityState === 'hidden') void file.save();
    };
    document.addEventListener('visibilitychange', save);
    return () => {
      document.removeEventListener('visibilitychange', save);
      file.close();
    };
  }, [file]);
  return { file, look };
}
