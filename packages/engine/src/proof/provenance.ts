import { hash } from 'node:crypto';
import type { Signer, SourceTree } from '@devfactory/kit';
import type { RunSession } from '../run/session.ts';

const payloadType = 'application/vnd.in-toto+json';

export interface ProvenanceParts {
  readonly tree: SourceTree;
  readonly checkpointId: string;
  /** The files beside the tree that it vouches for. */
  readonly proofJson: string;
  readonly sbom: string;
}

/**
 * An in-toto statement with SLSA's provenance (version 1), in a DSSE envelope signed with the installation's key. The tree's digest is
 * over its sorted entries ('devfactory-tree-1'), so it fits a ZIP, a clone and files alike. The public key lies beside the signature:
 * whether it is this installation's is for the reader to compare.
 */
export async function renderProvenance(
  { state, request }: Pick<RunSession, 'state' | 'request'>,
  { tree, checkpointId, proofJson, sbom }: ProvenanceParts,
  signer: Signer,
): Promise<string> {
  const base = state.checkpoints.find((item) => item.reason === 'base')?.tree;
  const statement = {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [
      { name: 'source-tree', digest: { devfactoryTree1: tree.hash } },
      { name: 'proof.json', digest: { sha256: hash('sha256', proofJson, 'hex') } },
      { name: 'sbom.json', digest: { sha256: hash('sha256', sbom, 'hex') } },
    ],
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate: {
      buildDefinition: {
        buildType: 'urn:devfactory:run:1',
        externalParameters: {
          promptSha256: hash('sha256', request.prompt, 'hex'),
          requirements: state.requirements.map(({ id, version }) => `${id}@${version}`),
          agent: state.agent,
          ...(request.model === undefined ? {} : { model: request.model }),
        },
        resolvedDependencies: [
          ...(base === undefined ? [] : [{ name: 'base-tree', digest: { devfactoryTree1: base } }]),
          ...(state.imported
            ? [{ name: 'repository', uri: `git+${state.imported.url}`, digest: { gitCommit: state.imported.commit } }]
            : []),
        ],
      },
      runDetails: {
        builder: { id: `urn:devfactory:installation:${signer.keyId}` },
        metadata: { invocationId: `${state.id}/${checkpointId}`, startedOn: state.createdAt },
      },
    },
  };
  const payload = Buffer.from(JSON.stringify(statement));
  const sig = await signer.sign(preAuthentication(payload));
  const envelope = {
    payloadType,
    payload: payload.toString('base64'),
    signatures: [{ keyid: signer.keyId, sig: Buffer.from(sig).toString('base64') }],
    publicKey: signer.publicKey,
  };
  return `${JSON.stringify(envelope, null, 1)}\n`;
}

/** What DSSE signs: type and payload, each with its length. */
function preAuthentication(payload: Buffer): Buffer {
  const head = `DSSEv1 ${Buffer.byteLength(payloadType)} ${payloadType} ${payload.length} `;
  return Buffer.concat([Buffer.from(head), payload]);
}
