import type { ManifestEntry } from '@devfactory/contracts';
import type { SourceTree } from '@devfactory/kit';
import type { Component } from './component.ts';
import { sbomReaders } from './readers.ts';

/** Larger ones are not read: no lock file of a project that is worked on here comes near. */
const largest = 32 * 1024 * 1024;

/**
 * CycloneDX 1.6 of what a tree's lock files and manifests name. The same tree gives the same text. Nothing is resolved and nothing is
 * asked of a registry: what no file names is not in it, and files that cannot be read as what they are called are named.
 */
export async function renderSbom(tree: SourceTree, about: { readonly name: string }): Promise<string> {
  const found = new Map<string, Component & { readonly from: string[] }>();
  const unread: string[] = [];
  for (const entry of tree.entries) {
    const reader = sbomReaders[entry.path.split('/').at(-1) ?? ''];
    if (!reader || entry.type !== 'file') continue;
    for (const component of (await componentsIn(tree, entry, reader)) ?? (unread.push(entry.path), [])) {
      const known = found.get(component.purl);
      if (known) known.from.push(entry.path);
      else found.set(component.purl, { ...component, from: [entry.path] });
    }
  }
  const components = [...found.values()].toSorted((a, b) => (a.purl < b.purl ? -1 : 1));
  const bom = {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      tools: { components: [{ type: 'application', name: 'AI DevFactory' }] },
      component: {
        type: 'application',
        'bom-ref': 'project',
        name: about.name,
        version: tree.hash.slice(0, 16),
        properties: [{ name: 'devfactory:tree', value: tree.hash }],
      },
      ...(unread.length === 0 ? {} : { properties: unread.map((value) => ({ name: 'devfactory:unread', value })) }),
    },
    components: components.map(({ name, version, purl, hashes, from }) => ({
      type: 'library',
      'bom-ref': purl,
      name,
      version,
      purl,
      ...(hashes ? { hashes } : {}),
      properties: from.map((value) => ({ name: 'devfactory:named-by', value })),
    })),
  };
  return `${JSON.stringify(bom, null, 1)}\n`;
}

async function componentsIn(
  tree: SourceTree,
  entry: ManifestEntry & { readonly type: 'file' },
  reader: (text: string) => readonly Component[],
): Promise<readonly Component[] | null> {
  if (entry.size > largest) return null;
  const chunks: Uint8Array[] = [];
  for await (const chunk of tree.read(entry)) chunks.push(chunk);
  try {
    return reader(Buffer.concat(chunks).toString());
  } catch (error) {
    // A project's own file, broken or hostile: it is named, and stops nothing.
    if (error instanceof SyntaxError || error instanceof TypeError) return null;
    throw error;
  }
}
