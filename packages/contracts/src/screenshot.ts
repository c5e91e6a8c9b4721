import { z } from 'zod';
import { Digest } from './ids.ts';

/** A picture that is kept, a PNG in a blob. */
export const Screenshot = z.strictObject({
  name: z.string().max(100),
  digest: Digest,
  width: z.int(),
  height: z.int(),
});
export type Screenshot = z.infer<typeof Screenshot>;

/** What a page of the workspace looked like when a person asked. */
export const PageScreenshot = z.strictObject({
  ...Screenshot.shape,
  port: z.int().min(1).max(65_535),
  path: z.string().max(4000),
  /** HTTP status that the page came with. */
  status: z.int(),
  /** Its first visible words, which are code's, not a person's. */
  says: z.string().max(2000),
});
export type PageScreenshot = z.infer<typeof PageScreenshot>;

/** A person's words with what their pictures show, for agents that read. */
export function feedbackWords({
  text,
  screenshots,
}: {
  readonly text: string;
  readonly screenshots: readonly PageScreenshot[];
}): string {
  return [text, ...screenshots.map(pictureWords)].join('\n\n');
}

function pictureWords({ port, path, width, height, status, says }: PageScreenshot): string {
  const quoted = says.split('\n').map((line) => `> ${line}`);
  return [
    `They attached a screenshot of http://localhost:${port}${path} (status ${status}, ${width} × ${height}). The page says:`,
    ...quoted,
  ].join('\n');
}
