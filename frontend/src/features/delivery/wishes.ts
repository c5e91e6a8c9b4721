import { Destination, type RunState } from '@devfactory/contracts';
import { z } from 'zod';

/** What is typed for one kind of destination. */
export interface Wish {
  readonly kind: Destination['kind'];
  readonly chosen: boolean;
  readonly fields: Readonly<Record<string, string>>;
}

interface FieldWords {
  readonly name: string;
  readonly label: string;
  readonly placeholder: string;
  readonly choices?: readonly (readonly [value: string, label: string])[];
}

/** Lines to fill in, by kind. Secrets are none of them: those are the server's. */
export const fieldsOf: Readonly<Record<Destination['kind'], readonly FieldWords[]>> = {
  zip: [{ name: 'name', label: 'File name', placeholder: 'named after the run, .zip' }],
  github: [
    { name: 'repository', label: 'Repository', placeholder: 'OWNER/REPO' },
    { name: 'base', label: 'Branch that the pull request is for', placeholder: "the repository's default branch" },
    {
      name: 'create',
      label: 'If there is no such repository',
      placeholder: '',
      choices: [
        ['', 'refuse'],
        ['private', 'make a private one'],
        ['public', 'make a public one'],
      ],
    },
  ],
  azure: [
    { name: 'container', label: 'Container', placeholder: "the server's own" },
    { name: 'folder', label: 'Folder', placeholder: 'none' },
    {
      name: 'as',
      label: 'As',
      placeholder: '',
      choices: [
        ['', 'an archive with its proof, never overwritten'],
        ['files', 'single files, never overwritten'],
        ['site', 'a static site that is kept up to date'],
      ],
    },
  ],
};

const kinds: readonly Destination['kind'][] = ['zip', 'github', 'azure'];

/** The destination of a wish, or the first field that is wrong and why. */
export function destinationOf({
  kind,
  fields,
}: Wish): Destination | { readonly field: string; readonly fault: string } {
  const given = Object.fromEntries(
    Object.entries(fields)
      .map(([name, value]) => [name, value.trim()] as const)
      .filter(([, value]) => value !== ''),
  );
  if (kind === 'zip' && given['name'] !== undefined && !/\.zip$/i.test(given['name'])) given['name'] += '.zip';
  const parsed = Destination.safeParse({ kind, ...given });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = String(issue?.path[0] ?? fieldsOf[kind][0]?.name);
  const fault = given[field] === undefined ? 'This is needed.' : (issue?.message ?? 'This cannot be used.');
  return { field, fault: `${fault.charAt(0).toUpperCase()}${fault.slice(1).replace(/\.?$/, '.')}` };
}

/** What was chosen last for this project, else what the run was begun with, else a ZIP. */
export function firstWishes(state: RunState): readonly Wish[] {
  const wanted = remembered(state) ?? state.request.destinations;
  return kinds.map((kind): Wish => {
    const found = wanted.find((item) => item.kind === kind);
    const fields = Object.entries(found ?? {}).filter(([name, value]) => name !== 'kind' && typeof value === 'string');
    return {
      kind,
      chosen: found !== undefined || (wanted.length === 0 && kind === 'zip'),
      fields: Object.fromEntries(fields) as Record<string, string>,
    };
  });
}

/** OWNER/REPO of an address at this GitHub, else ''. */
export function repositoryAt(place: string, address: string): string {
  if (place === '' || !address.startsWith(`${place}/`)) return '';
  return /^[^/\s]+\/[^/\s]+$/.exec(address.slice(place.length + 1).replace(/(\.git)?\/?$/, ''))?.[0] ?? '';
}

export function remember(state: RunState, destinations: readonly Destination[]): void {
  try {
    localStorage.setItem(keyOf(state), JSON.stringify(destinations));
  } catch {
    // Without storage it is chosen again the next time.
  }
}

function remembered(state: RunState): readonly Destination[] | null {
  try {
    const found = z.array(Destination).safeParse(JSON.parse(localStorage.getItem(keyOf(state)) ?? 'null'));
    return found.success && found.data.length > 0 ? found.data : null;
  } catch {
    return null;
  }
}

/** A project is the repository that its runs begin with, else what they are called. */
function keyOf({ request: { source }, name }: RunState): string {
  return `devfactory.destinations.${source.kind === 'git' ? source.url.replace(/\.git\/?$/, '') : name}`;
}
