import { spawn } from 'node:child_process';
import type { IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';

export interface GitAnswer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

/** What git's own `http-backend` answers for the repositories below `root`. Who may ask is looked at before. */
export async function gitAnswer(
  root: string,
  request: IncomingMessage,
  asked: { readonly pathname: string; readonly query: string; readonly body: Buffer },
): Promise<GitAnswer> {
  const backend = spawn('git', ['http-backend'], {
    env: {
      PATH: process.env['PATH'],
      REMOTE_USER: 'x',
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: asked.pathname,
      QUERY_STRING: asked.query,
      REQUEST_METHOD: request.method ?? 'GET',
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      CONTENT_LENGTH: String(asked.body.length),
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
      GIT_PROTOCOL: [request.headers['git-protocol']].flat()[0] ?? '',
    },
  });
  backend.stdin.on('error', () => undefined).end(asked.body);
  const answer = await buffer(backend.stdout);
  const end = answer.indexOf('\r\n\r\n');
  const lines = answer.subarray(0, end).toString().split('\r\n');
  const headers = Object.fromEntries(lines.map((line) => line.split(': ') as [string, string]));
  return { status: Number.parseInt(headers['Status'] ?? '200', 10), headers, body: answer.subarray(end + 4) };
}
