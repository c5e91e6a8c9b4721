import { mkdtemp, rmdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { Destination } from '@devfactory/contracts';
import { systemCode, UsageError } from '../failure.ts';

/** Files on this machine: the ZIP, and the proof beside it. */
export interface ZipFiles {
  readonly zip: string;
  readonly proofJson: string;
  readonly proofHtml: string;
  readonly sbom: string;
  readonly provenance: string;
}

/** Where a result goes, and what is then saved on this machine; null for what the server delivers elsewhere. */
export interface ExportTarget {
  readonly destination: Destination;
  readonly files: ZipFiles | null;
}

/** How each kind of target is written, and read from what stands behind `KIND:`. */
const kinds: Readonly<Record<string, { readonly form: string; read(rest: string): ExportTarget }>> = {
  zip: { form: 'zip:PATH', read: readZip },
  github: { form: 'github:OWNER/REPO[?create=private][#BASE]', read: readGitHub },
  azure: { form: 'azure:[CONTAINER][/FOLDER][?as=files|site]', read: readAzure },
};
export const exportForms = Object.values(kinds)
  .map(({ form }) => form)
  .join('|');

/** Reads one of `exportForms`. Throws UsageError. */
export function readExportTarget(text: string): ExportTarget {
  const colon = text.indexOf(':');
  const kind = colon < 0 ? text : text.slice(0, colon);
  const found = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
  if (!found) throw new UsageError(`'${kind}' is no kind of export here; this version knows ${exportForms}.`);
  return found.read(colon < 0 ? '' : text.slice(colon + 1));
}

function readZip(path: string): ExportTarget {
  if (path === '' || path.endsWith('/')) throw new UsageError(`The export needs a file: zip:PATH, e.g. zip:result.zip`);
  const zip = resolve(path);
  const base = zip.replace(/\.zip$/i, '');
  const name = basename(zip).replace(/\.zip$/i, '');
  if (name === '' || name.length > 200)
    throw new UsageError(`'${basename(zip)}' is no usable file name; use up to 200 characters, e.g. zip:result.zip`);
  return {
    destination: { kind: 'zip', name },
    files: {
      zip,
      proofJson: `${base}.proof.json`,
      proofHtml: `${base}.proof.html`,
      sbom: `${base}.sbom.json`,
      provenance: `${base}.provenance.json`,
    },
  };
}

function readGitHub(text: string): ExportTarget {
  const hash = text.indexOf('#');
  const [repository, wish] = (hash < 0 ? text : text.slice(0, hash)).split(/\?create=/, 2);
  const destination = Destination.safeParse({
    kind: 'github',
    repository,
    ...(wish === undefined ? {} : { create: wish }),
    ...(hash < 0 ? {} : { base: text.slice(hash + 1) }),
  });
  // What was given is not repeated: whoever puts an address here may have put a token into it.
  if (!destination.success)
    throw new UsageError(
      'A GitHub destination is written github:OWNER/REPO or github:OWNER/REPO#BASE, with ?create=private or ?create=public behind REPO for one that is not there yet, without an address or a token; the server has the token in DEVFACTORY_GITHUB_TOKEN.',
    );
  return { destination: destination.data, files: null };
}

function readAzure(text: string): ExportTarget {
  const mark = text.indexOf('?');
  const [container = '', ...folder] = (mark < 0 ? text : text.slice(0, mark)).split('/');
  const more = new URLSearchParams(mark < 0 ? '' : text.slice(mark + 1));
  const as = more.get('as');
  const tags = more.getAll('tag').map((tag): readonly [string, string] => {
    const equals = tag.indexOf('=');
    return equals < 0 ? [tag, ''] : [tag.slice(0, equals), tag.slice(equals + 1)];
  });
  const known = [...more.keys()].every((key) => key === 'as' || key === 'tag');
  const destination = Destination.safeParse({
    kind: 'azure',
    ...(container === '' ? {} : { container }),
    ...(folder.length === 0 ? {} : { folder: folder.join('/') }),
    ...(as === null ? {} : { as }),
    ...(tags.length === 0 ? {} : { tags: Object.fromEntries(tags) }),
  });
  // What was given is not repeated: whoever puts an address here may have put a SAS into it.
  if (!destination.success || !known)
    throw new UsageError(
      'An Azure destination is written azure:CONTAINER/FOLDER, with ?as=archive, ?as=files or ?as=site and &tag=KEY=VALUE behind it, without an address, key or SAS; the server has those in DEVFACTORY_DELIVERY_URL or DEVFACTORY_DELIVERY_CONNECTION_STRING.',
    );
  return { destination: destination.data, files: null };
}

/** Finds out now, before time and money are spent, whether the files can be written in the end. Throws UsageError. */
export async function requireWritable(target: ExportTarget, options: { readonly force: boolean }): Promise<void> {
  if (!target.files) return;
  await requireFolder(dirname(target.files.zip));
  for (const path of Object.values<string>({ ...target.files })) await requireAbsent(path, options);
}

/** Throws UsageError when nothing can be written to `folder`. */
export async function requireFolder(folder: string): Promise<void> {
  const found = await stat(folder).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') {
      throw new UsageError(`There is no folder ${folder}; make it first: mkdir -p '${folder}'`);
    }
    return null;
  });
  if (!found?.isDirectory()) {
    throw new UsageError(`${folder} is not a folder that can be entered; choose another place.`);
  }
  try {
    // Rights say too little: a read-only mount, a full disk and root are only seen by trying.
    await rmdir(await mkdtemp(join(folder, '.devfactory-')));
  } catch (error) {
    const code = systemCode(error) ?? 'no reason given';
    throw new UsageError(`Nothing can be written to ${folder} (${code}); choose another place.`);
  }
}

/** Throws UsageError when `path` is taken, unless `force` allows to replace a file. */
export async function requireAbsent(path: string, { force }: { readonly force: boolean }): Promise<void> {
  const found = await stat(path).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return null;
    throw error;
  });
  if (found === null) return;
  if (!found.isFile()) throw new UsageError(`${path} exists and is no file; choose another name.`);
  if (!force) throw new UsageError(`${path} exists already; choose another name, or replace it with --force.`);
}
