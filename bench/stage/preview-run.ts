import type { Factory } from './factory.ts';
import { enter, type Visitor } from './foreign-page.ts';
import { planOnly, watch } from './quiet-run.ts';

/** A run that waits for a person, with these files in its workspace. */
export async function runWith(factory: Factory, files: Readonly<Record<string, string>>): Promise<string> {
  const { id } = await factory.client.runs.create(planOnly);
  await watch(factory, id, (event) => event.type === 'wait.began');
  for (const [path, content] of Object.entries(files))
    await factory.client.runs.writeFile(id, { path, expected: null, content: new Blob([content]) });
  return id;
}

/** Starts the run's own server and lets a visitor in to it. Throws what it said when it does not come. */
export async function openPreview(factory: Factory, runId: string, patienceMs = 60_000): Promise<Visitor> {
  await factory.client.previews.start(runId);
  const signal = AbortSignal.timeout(patienceMs);
  for await (const { server } of factory.client.previews.follow(runId, { signal })) {
    if (server.is === 'crashed') throw new Error([server.sentence, ...server.lines.slice(-5)].join('\n'));
    if (server.is !== 'running') continue;
    return enter(await factory.client.previews.ticket(runId, { port: server.port }));
  }
  throw new Error(`the preview did not start within ${patienceMs / 1000} s`);
}
