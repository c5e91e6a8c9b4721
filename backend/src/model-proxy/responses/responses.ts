import { chatRefusal } from '../chat-completions/write-chat.ts';
import type { Dialect } from '../dialect.ts';
import { readResponses } from './read-responses.ts';
import { ResponsesWriter, wholeResponse } from './write-responses.ts';

/** OpenAI's newer format. */
export const responses: Dialect = {
  read: readResponses,
  writer: (facts) => new ResponsesWriter(facts),
  whole: wholeResponse,
  refusal: chatRefusal,
};
