import { createPublicKey, hash, verify, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { CliError } from '../failure.ts';

const Envelope = z.object({
  payloadType: z.literal('application/vnd.in-toto+json'),
  payload: z.base64(),
  signatures: z.array(z.object({ keyid: z.string(), sig: z.base64() })).min(1),
  publicKey: z.string(),
});

const Statement = z.object({
  _type: z.literal('https://in-toto.io/Statement/v1'),
  predicateType: z.literal('https://slsa.dev/provenance/v1'),
  subject: z.array(z.object({ name: z.string(), digest: z.record(z.string(), z.string()) })),
  predicate: z.object({ runDetails: z.object({ metadata: z.object({ invocationId: z.string() }) }) }),
});

export interface Provenance {
  /** SHA-256 of the public key that it was signed with. */
  readonly keyId: string;
  readonly run: string;
  /** Digest of a subject by its name, whatever the algorithm. */
  readonly digests: ReadonlyMap<string, string>;
}

/**
 * Reads an envelope whose signature holds, by the key given or, without one, by the key beside it: then the reader has to know whose
 * key that is. Throws CliError.
 */
export function readProvenance(text: string, key: string | null): Provenance {
  const envelope = Envelope.safeParse(parsed(text)).data;
  if (!envelope) throw new CliError('The provenance is no signed in-toto statement.');
  const publicKey = keyOf(key ?? envelope.publicKey);
  const payload = Buffer.from(envelope.payload, 'base64');
  const head = `DSSEv1 ${Buffer.byteLength(envelope.payloadType)} ${envelope.payloadType} ${payload.length} `;
  const signed = Buffer.concat([Buffer.from(head), payload]);
  const holds = envelope.signatures.some(({ sig }) => verify(null, signed, publicKey, Buffer.from(sig, 'base64')));
  if (!holds)
    throw new CliError(
      key === null
        ? 'The signature does not fit: the provenance was changed.'
        : 'The signature is not of the key that was given.',
    );
  const statement = Statement.safeParse(parsed(payload.toString())).data;
  if (!statement) throw new CliError('What was signed is no SLSA provenance.');
  return {
    keyId: hash('sha256', publicKey.export({ type: 'spki', format: 'der' }), 'hex'),
    run: statement.predicate.runDetails.metadata.invocationId,
    digests: new Map(statement.subject.map(({ name, digest }) => [name, Object.values(digest)[0] ?? ''])),
  };
}

function keyOf(pem: string): KeyObject {
  try {
    const key = createPublicKey(pem);
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // Said below.
  }
  throw new CliError('The key is no Ed25519 public key in PEM.');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
