import type { Answer } from '../forge-shapes.ts';

interface Wish {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly body?: unknown;
}

type Ask = (wish: Wish) => Promise<Answer>;

/**
 * What emulate 0.12.2 does otherwise than GitHub says it does, done as GitHub does. Nothing else is touched, and what it lacks stays
 * lacking: it has no commit statuses (a 404, which means none), lists no files of a pull request and finds no conflict, so none of that
 * is tested with it.
 */
export async function asGitHub(wish: Wish, ask: Ask): Promise<Answer> {
  // GitHub opens no second pull request of the same branch; emulate does, again and again.
  const created = wish.method === 'POST' ? /^\/repos\/([^/]+)\/([^/]+)\/pulls$/.exec(wish.path) : null;
  if (created) {
    const { head } = wish.body as { readonly head: string };
    const whole = head.includes(':') ? head : `${created[1] ?? ''}:${head}`;
    const { body } = await ask({ method: 'GET', path: `${wish.path}?state=open&head=${encodeURIComponent(whole)}` });
    if (Array.isArray(body) && body.length > 0)
      return {
        status: 422,
        body: { message: 'Validation Failed', errors: [{ message: `A pull request already exists for ${whole}.` }] },
      };
  }
  // emulate takes the word "comments" for an issue's number, so of one list it makes one for each issue.
  const ofAll = wish.method === 'GET' ? /^(\/repos\/[^/]+\/[^/]+\/issues)\/comments\?/.exec(wish.path)?.[1] : undefined;
  if (ofAll !== undefined) {
    const { body } = await ask({ method: 'GET', path: `${ofAll}?state=all` });
    const lists = (body as { readonly number: number }[]).map(({ number }) =>
      ask({ method: 'GET', path: `${ofAll}/${number}/comments` }),
    );
    return { status: 200, body: (await Promise.all(lists)).flatMap((list) => list.body) };
  }
  const { status, body } = await ask(wish);
  // GitHub answers with the list of annotations, emulate with an object around it.
  const around = body as { readonly check_annotations?: unknown } | null;
  if (around?.check_annotations !== undefined) return { status, body: around.check_annotations };
  if (status >= 300 || !/^\/repos\/[^/]+\/[^/]+\/pulls(\/\d+)?(\?|$)/.test(wish.path)) return { status, body };
  return {
    status,
    body: Array.isArray(body) ? await Promise.all(body.map((pull) => atItsTip(pull, ask))) : await atItsTip(body, ask),
  };
}

interface Pull {
  readonly state: string;
  readonly head: { readonly ref: string; readonly repo: { readonly full_name: string } };
}

/** An open pull request at GitHub follows its branch; emulate's stays at the commit that it was opened with. */
async function atItsTip(given: unknown, ask: Ask): Promise<unknown> {
  const pull = given as Pull;
  if (pull.state !== 'open') return pull;
  const { body } = await ask({
    method: 'GET',
    path: `/repos/${pull.head.repo.full_name}/git/ref/heads/${pull.head.ref}`,
  });
  return { ...pull, head: { ...pull.head, sha: (body as { readonly object: { readonly sha: string } }).object.sha } };
}
