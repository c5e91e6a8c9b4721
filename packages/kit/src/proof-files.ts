import type { ExportReceipt, ExportRequest } from './exporter.ts';

export interface ProofFile {
  /** 'proof.json', 'proof.html', 'sbom.json', 'provenance.json' */
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: Buffer;
}

/** What travels beside the tree, whatever the destination. */
export function proofFiles({ json, report, more = [] }: ExportRequest['proof']): readonly ProofFile[] {
  return [
    { name: 'proof.json', mediaType: 'application/json', bytes: Buffer.from(json) },
    { name: 'proof.html', mediaType: 'text/html', bytes: Buffer.from(report) },
    ...more.map(({ name, mediaType, text }) => ({ name, mediaType, bytes: Buffer.from(text) })),
  ];
}

/** The same as files that the factory keeps and a receipt names. */
export async function keepProof(
  { proof, blobs }: Pick<ExportRequest, 'proof' | 'blobs'>,
  named: (name: string) => string = (name) => name,
): Promise<ExportReceipt['files']> {
  const files: ExportReceipt['files'][number][] = [];
  for (const { name, mediaType, bytes } of proofFiles(proof))
    files.push({ name: named(name), digest: await blobs.put(bytes), bytes: bytes.length, mediaType });
  return files;
}
