import { DomainError } from './error.ts';

const mostBytes = 8_000_000;

/**
 * A fetch for requests that carry a key: it goes to one origin only and follows no redirect, so the key goes nowhere else. `fetch` is for
 * tests of what is around it.
 */
export function boundFetch(baseUrl: string): typeof fetch {
  const { origin } = new URL(baseUrl);
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (url.origin !== origin) {
      throw new DomainError('model_other_origin', 'forbidden', {
        message: `A request meant for ${origin} was about to go to ${url.origin}.`,
      });
    }
    return fetch(input, { ...init, redirect: 'error' });
  };
}

/** What an endpoint said instead of a list. */
export class EndpointError extends Error {
  readonly status: number;

  constructor(status: number, said: string) {
    super(`${status}: ${said.slice(0, 500)}`);
    this.status = status;
  }
}

/** JSON of a GET, at most 8 MB. Throws EndpointError for a refusal, and what fetch throws. */
export async function readEndpoint(
  url: string,
  ask: { readonly headers?: Readonly<Record<string, string>>; readonly signal: AbortSignal },
): Promise<unknown> {
  const response = await boundFetch(url)(url, { headers: { ...ask.headers }, signal: ask.signal });
  const text = await readText(response);
  if (!response.ok) throw new EndpointError(response.status, text);
  try {
    return JSON.parse(text);
  } catch {
    throw new EndpointError(response.status, `no JSON came back but: ${text}`);
  }
}

async function readText(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const part of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += part.byteLength;
    if (bytes > mostBytes) throw new EndpointError(response.status, `more than ${mostBytes} bytes came back`);
    text += decoder.decode(part, { stream: true });
  }
  return text + decoder.decode();
}

/** Where clouds tell whoever asks from a machine that machine's own keys. No model is there, and answers are shown to people. */
const metadata =
  /^(?:169\.254\.\d+\.\d+|100\.100\.100\.200|168\.63\.129\.16|\[fe80:.*|\[fd00:ec2::254\]|\[::ffff:(?:a9fe:.*|6464:64c8|a83f:8110)\]|metadata(?:\.google\.internal)?\.?)$/;

/** The base URL without a slash at its end. Throws DomainError for what is no HTTP address, and for one that holds a password. */
export function endpointUrl(text: string): string {
  let url: URL;
  try {
    url = new URL(text);
  } catch (cause) {
    throw new DomainError('invalid_base_url', 'invalid', {
      message: `'${text}' is no address; write https://…`,
      cause,
    });
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw new DomainError('invalid_base_url', 'invalid', { message: `'${text}' is neither https nor http.` });
  if (metadata.test(url.hostname))
    throw new DomainError('invalid_base_url', 'invalid', {
      message: `${url.hostname} is for a machine's own use, not an endpoint of models.`,
    });
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    throw new DomainError('invalid_base_url', 'invalid', {
      message: 'The base URL must hold no user, password, query or fragment; the key has a field of its own.',
    });
  return url.href.replace(/\/+$/, '');
}
