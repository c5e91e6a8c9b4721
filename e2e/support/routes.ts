import type { Factory } from './factory.ts';

interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Opened by a signature in place of a session. */
export const signedPath = '/api/hooks/github';

/** Every route of the API that wants a session, as its own description lists them, with something in place of each parameter. */
export async function unsignedPaths(factory: Factory): Promise<{ method: string; path: string }[]> {
  const answer = await fetch(`${factory.url}/api/openapi.json`, {
    headers: { authorization: `Bearer ${factory.token}` },
  });
  const { paths } = (await answer.json()) as OpenApi;
  return Object.entries(paths)
    .filter(([path]) => path.startsWith('/api/') && path !== signedPath)
    .flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => ({ method: method.toUpperCase(), path: path.replaceAll(/\{\w+\}/g, 'x') })),
    );
}
