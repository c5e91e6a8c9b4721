import { z } from 'zod';

/** A ZIP that the factory keeps for downloading. */
const ZipDestination = z.strictObject({
  kind: z.literal('zip'),
  name: z
    .string()
    .max(200)
    .regex(/^[^/\\\0]+$/, 'must be a plain file name')
    .optional(),
});

/** A pull request at the GitHub that the server is set up for. Never holds a token. */
const GitHubDestination = z.strictObject({
  kind: z.literal('github'),
  repository: z
    .string()
    .max(140)
    .regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,38}\/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/, 'must be OWNER/REPO'),
  /** The branch that the pull request is for. Left out: the repository's default branch. */
  base: z
    .string()
    // A subset of what git allows that cannot be an option, a range or a path.
    .regex(/^(?!.*(?:\.\.|\/\/|\/\.))[A-Za-z0-9_][A-Za-z0-9._/+-]{0,199}(?<!\/|\.|\.lock)$/, "must be a branch's name")
    .optional(),
});

/** Where a result goes, one entry for each exporter; the one whose id is `kind` reads the rest. */
export const Destination = z.discriminatedUnion('kind', [ZipDestination, GitHubDestination]);
export type Destination = z.infer<typeof Destination>;

/** A destination as it is written on the command line: 'zip:result.zip', 'github:acme/shop#main'. */
export function destinationText(destination: Destination): string {
  switch (destination.kind) {
    case 'zip':
      return destination.name === undefined ? 'zip' : `zip:${destination.name}`;
    case 'github':
      return `github:${destination.repository}${destination.base === undefined ? '' : `#${destination.base}`}`;
  }
}
