import type { Dialect } from '../dialect.ts';
import { readMessages } from './read-messages.ts';
import { messagesRefusal, MessagesWriter, wholeMessage } from './write-messages.ts';

/** Anthropic's format. */
export const messages: Dialect = {
  read: readMessages,
  writer: (facts) => new MessagesWriter(facts),
  whole: wholeMessage,
  refusal: messagesRefusal,
};
