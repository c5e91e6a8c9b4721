import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isInsideWorkspace } from '@devfactory/contracts';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { HttpProblem } from '../http/problem.ts';

const notBuilt = 'The console is not built. Start with npm start, which builds it; the API answers under /api.\n';

/** Serves the built console: its files, and its first page for every address that the console routes itself. */
export async function serveConsole(http: FastifyInstance, folder: string): Promise<void> {
  await http.register(fastifyStatic, {
    root: folder,
    serve: false,
    cacheControl: false,
    preCompressed: true,
    dotfiles: 'deny',
    suppressWarning: true,
  });
  const unknownRoute = async (): Promise<never> => {
    throw new HttpProblem(404, 'not_found', { detail: 'There is nothing at this address.' });
  };
  http.all('/api/*', { config: { policy: 'person' } }, unknownRoute);
  http.all('/api', { config: { policy: 'person' } }, unknownRoute);
  http.route({
    method: ['GET', 'HEAD'],
    url: '/*',
    config: { policy: 'public' },
    handler: (request, reply) => serve(request, reply, folder),
  });
}

async function serve(request: FastifyRequest, reply: FastifyReply, folder: string): Promise<FastifyReply> {
  const path = decodePath(request.url);
  if (path !== '' && (await isFile(join(folder, path)))) {
    // Their names change with their content.
    const lasting = path.startsWith('assets/');
    void reply.header('cache-control', lasting ? 'public, max-age=31536000, immutable' : 'no-cache');
    return reply.sendFile(path, folder);
  }
  const isPage = path === '' || !path.slice(path.lastIndexOf('/') + 1).includes('.');
  if (!isPage) throw new HttpProblem(404, 'not_found', { detail: 'There is nothing at this address.' });
  void reply.header('cache-control', 'no-cache');
  if (await isFile(join(folder, 'index.html'))) return reply.sendFile('index.html', folder);
  return reply.type('text/plain; charset=utf-8').send(notBuilt);
}

/** The path without its first slash. Throws for everything that could mean another folder. */
function decodePath(url: string): string {
  const refused = new HttpProblem(400, 'malformed_url', { detail: 'The address is not a valid path.' });
  let path: string;
  try {
    path = decodeURIComponent(url.split(/[?#]/, 1)[0] ?? '').slice(1);
  } catch {
    throw refused;
  }
  if (path !== '' && (!isInsideWorkspace(path.replace(/\/$/, '')) || path.includes('\\'))) throw refused;
  return path;
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
