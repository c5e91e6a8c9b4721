import type { Dialect } from '../dialect.ts';
import { readGenerateContent } from './read-generate-content.ts';
import { generateContentRefusal, GenerateContentWriter, wholeContent } from './write-generate-content.ts';

/** Google's format. */
export function generateContent(stream: boolean): Dialect {
  return {
    read: (body) => ({ ...readGenerateContent(body), stream }),
    writer: (facts) => new GenerateContentWriter(facts),
    whole: wholeContent,
    refusal: generateContentRefusal,
  };
}
