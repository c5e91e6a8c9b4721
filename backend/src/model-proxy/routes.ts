import { chatCompletions } from './chat-completions/chat-completions.ts';
import type { Dialect } from './dialect.ts';
import { generateContent } from './generate-content/generate-content.ts';
import { messages } from './messages/messages.ts';
import { responses } from './responses/responses.ts';

/** What a path asks for. */
export type Route =
  | { readonly do: 'answer'; readonly dialect: Dialect; readonly model: string | null }
  | { readonly do: 'count'; readonly dialect: Dialect; readonly field: string }
  | { readonly do: 'list'; readonly dialect: Dialect; readonly google: boolean }
  | { readonly do: 'nothing'; readonly dialect: Dialect };

/** By how a path ends: agents put different things before it. */
export function routeOf(method: string, path: string): Route {
  const google = /\/models\/([^/]+):(\w+)$/.exec(path);
  if (method === 'POST' && google) {
    const dialect = generateContent(google[2] === 'streamGenerateContent');
    if (google[2] === 'countTokens') return { do: 'count', dialect, field: 'totalTokens' };
    if (/^(?:streamG|g)enerateContent$/.test(google[2] ?? ''))
      return { do: 'answer', dialect, model: decodeURIComponent(google[1] ?? '') };
    return { do: 'nothing', dialect };
  }
  if (method === 'GET' && /\/models(?:\/[^/]+)*$/.test(path))
    return { do: 'list', dialect: chatCompletions, google: path.startsWith('/v1beta') };
  if (method !== 'POST') return { do: 'nothing', dialect: chatCompletions };
  if (path.endsWith('/chat/completions')) return { do: 'answer', dialect: chatCompletions, model: null };
  if (path.endsWith('/responses')) return { do: 'answer', dialect: responses, model: null };
  if (path.endsWith('/messages')) return { do: 'answer', dialect: messages, model: null };
  if (path.endsWith('/messages/count_tokens')) return { do: 'count', dialect: messages, field: 'input_tokens' };
  return { do: 'nothing', dialect: path.includes('/messages') ? messages : chatCompletions };
}
