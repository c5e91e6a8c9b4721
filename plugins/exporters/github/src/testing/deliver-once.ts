import { createGitHubExporter } from '../index.ts';
import { noBlobs, requestFor } from './request.ts';

/** One delivery in a process of its own, to be killed: `node deliver-once.ts DIRECTORY`, the rest as the server takes it. */
const exporter = createGitHubExporter({ environment: process.env, directory: process.argv[2] ?? '', retryMs: 1 });
await exporter.deliver(requestFor({ blobs: noBlobs }), new AbortController().signal);
