import { archiveName, packTree, unpackTree } from '@devfactory/archive';
import {
  DomainError,
  keepProof,
  type Exporter,
  type ExportReceipt,
  type ExportRequest,
  type MadeDelivery,
} from '@devfactory/kit';

/**
 * Delivers the tree as one ZIP with its files at the root, so that unpacking it into a folder gives the project, and beside it the
 * proof as `<name>.proof.json` and `<name>.proof.html`. All three are blobs, named in the receipt, for others to fetch or write out.
 */
export function createZipExporter(): Exporter {
  return {
    id: 'zip',
    title: 'ZIP file',
    setUp: () => ({ ready: true, place: '', why: '' }),
    probe: async () => 'A ZIP is made here; nothing has to be reached.',
    accept(destination) {
      if (destination.kind === 'zip') return;
      throw new DomainError('invalid_destination', 'invalid', {
        message: `The ZIP exporter does not deliver to "${destination.kind}".`,
      });
    },
    deliver,
    arrived,
  };
}

async function deliver(request: ExportRequest, signal: AbortSignal): Promise<ExportReceipt> {
  const { destination } = request;
  const name = archiveName((destination.kind === 'zip' ? destination.name : undefined) ?? request.name);
  const { digest, size } = await request.blobs.putStream(packTree(request.tree, signal));
  return {
    location: `${name}.zip`,
    files: [
      { name: `${name}.zip`, digest, bytes: size, mediaType: 'application/zip' },
      ...(await keepProof(request, (file) => `${name}.${file}`)),
    ],
    leftOut: [],
  };
}

/** The archive as whoever downloads it gets it, unpacked. */
function arrived({ files, blobs, directory }: MadeDelivery): ReturnType<NonNullable<Exporter['arrived']>> {
  const archive = files.find(({ mediaType }) => mediaType === 'application/zip');
  if (archive) return unpackTree(blobs.getStream(archive.digest), directory);
  throw new DomainError('export_file_missing', 'not-found', { message: 'This delivery has no ZIP.' });
}
