import type { Dialect } from '../dialect.ts';
import { readChat } from './read-chat.ts';
import { chatRefusal, ChatWriter, wholeChat } from './write-chat.ts';

/** OpenAI's older format, which most private endpoints and most agents speak. */
export const chatCompletions: Dialect = {
  read: readChat,
  writer: (facts) => new ChatWriter(facts),
  whole: wholeChat,
  refusal: chatRefusal,
};
