import type { Factory } from './factory.ts';
import { example, fileByFile } from './scripts.ts';

/** Runs made once, for tests that only look. Each resolves with its id when it stands where its name says. */
export interface Runs {
  /** Three requirements, all proven, the ZIP delivered. */
  readonly delivered: () => Promise<string>;
  /** A plan that a person has to approve. */
  readonly planned: () => Promise<string>;
  /** All proven, waiting for a person's yes. */
  readonly inReview: () => Promise<string>;
  /** By an agent that claims what it did not do: waits for a person with one requirement proven at most. */
  readonly lying: () => Promise<string>;
}

export function createRuns(factory: Factory): Runs {
  return {
    delivered: once(() => makeDelivered(factory)),
    planned: once(() => makePlanned(factory)),
    inReview: once(() => makeInReview(factory)),
    lying: once(() => makeLying(factory)),
  };
}

async function makeDelivered(factory: Factory): Promise<string> {
  const id = await factory.create({
    prompt: 'A guest book over HTTP that keeps its entries.',
    agent: 'scripted',
    agentOptions: example('guestbook'),
    autonomy: 'auto',
    destinations: [{ kind: 'zip', name: 'guest-book.zip' }],
  });
  await factory.until(id, (state) => state.stage.name === 'delivered');
  return id;
}

async function makePlanned(factory: Factory): Promise<string> {
  const id = await factory.create({
    prompt: 'A guest book whose plan is still to be read.',
    agent: 'scripted',
    agentOptions: example('guestbook'),
  });
  await factory.until(id, (state) => state.stage.name === 'waiting');
  return id;
}

async function makeInReview(factory: Factory): Promise<string> {
  const promised = [
    { text: 'one.txt shall greet.', path: 'one.txt', includes: 'hello' },
    { text: 'deep/two.txt shall take leave.', path: 'deep/two.txt', includes: 'bye' },
  ];
  const id = await factory.create({
    prompt: 'Two files that wait for a yes.',
    agent: 'scripted',
    agentOptions: fileByFile({ promised, restSeconds: 0 }),
  });
  const { plan } = await factory.until(id, (state) => state.stage.name === 'waiting');
  await factory.client.runs.command(id, { do: 'approve-plan', version: plan.proposed });
  await factory.until(id, ({ stage }) => stage.name === 'waiting' && stage.for === 'review');
  return id;
}

async function makeLying(factory: Factory): Promise<string> {
  const id = await factory.create({
    prompt: 'A guest book, by someone who claims a lot.',
    agent: 'scripted',
    agentOptions: example('false-claims'),
    autonomy: 'auto',
  });
  await factory.until(id, (state) => state.stage.name === 'waiting');
  return id;
}

/** Nothing happens before the first one asks, and everyone after that gets the same. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
