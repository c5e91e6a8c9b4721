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

/** A repository of the GitHub that the server is set up for. */
export const GitHubRepository = z
  .string()
  .max(140)
  .regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,38}\/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/, 'must be OWNER/REPO');

/** A pull request at the GitHub that the server is set up for. Never holds a token. */
const GitHubDestination = z.strictObject({
  kind: z.literal('github'),
  repository: GitHubRepository,
  /** The branch that the pull request is for. Left out: the repository's default branch. */
  base: z
    .string()
    // A subset of what git allows that cannot be an option, a range or a path.
    .regex(/^(?!.*(?:\.\.|\/\/|\/\.))[A-Za-z0-9_][A-Za-z0-9._/+-]{0,199}(?<!\/|\.|\.lock)$/, "must be a branch's name")
    .optional(),
  /** Where the repository is not there it is made, and seen by these. Left out: that is a fault. */
  create: z.enum(['private', 'public']).optional(),
});

const segment = '(?!\\.{1,2}(?:/|$))[A-Za-z0-9._ -]*[A-Za-z0-9_-]';

/** A container of the Azure account that the server is set up for. Never holds a key or a SAS. */
const AzureDestination = z.strictObject({
  kind: z.literal('azure'),
  /** Left out: the one that the server is set up for. */
  container: z
    .string()
    .regex(/^(?:\$web|(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9])$/, "must be a container's name")
    .optional(),
  folder: z
    .string()
    .max(200)
    .regex(new RegExp(`^${segment}(?:/${segment})*$`), 'must be plain names with / between them')
    .optional(),
  /** archive: a ZIP and its proof, never overwritten (default). files: each file a blob, never overwritten. site: each file a blob in its place, kept up to date. */
  as: z.enum(['archive', 'files', 'site']).optional(),
  /** Index tags of the account, beside those that tell the run and the tree. */
  tags: z
    .record(
      z.string().regex(/^(?!run$|tree$)[A-Za-z0-9 +./:=_-]{1,128}$/),
      z.string().regex(/^[A-Za-z0-9 +./:=_-]{0,256}$/),
    )
    .refine((tags) => Object.keys(tags).length <= 8, 'at most 8 tags')
    .optional(),
});

/** Where a result goes, one entry for each exporter; the one whose id is `kind` reads the rest. */
export const Destination = z.discriminatedUnion('kind', [ZipDestination, GitHubDestination, AzureDestination]);
export type Destination = z.infer<typeof Destination>;

/** A destination as it is written on the command line: 'zip:result.zip', 'github:acme/shop#main', 'azure:releases/shop?as=site'. */
export function destinationText(destination: Destination): string {
  switch (destination.kind) {
    case 'zip':
      return destination.name === undefined ? 'zip' : `zip:${destination.name}`;
    case 'azure':
      return azureText(destination);
    case 'github':
      return [
        `github:${destination.repository}`,
        destination.create === undefined ? '' : `?create=${destination.create}`,
        destination.base === undefined ? '' : `#${destination.base}`,
      ].join('');
  }
}

function azureText({ container = '', folder, as, tags = {} }: z.infer<typeof AzureDestination>): string {
  const place = folder === undefined ? container : `${container}/${folder}`;
  const more = [
    ...(as === undefined ? [] : [`as=${as}`]),
    ...Object.entries(tags).map(([key, value]) => `tag=${encodeURIComponent(`${key}=${value}`)}`),
  ];
  return `azure${place === '' ? '' : `:${place}`}${more.length === 0 ? '' : `?${more.join('&')}`}`;
}
