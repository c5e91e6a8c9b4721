import { createHash } from 'node:crypto';
import { type Check, type CheckFile, CheckSpec, type TestCheck } from '@devfactory/contracts';
import { type BlobStore, DomainError } from '@devfactory/kit';

/** The check as it was locked. Its bytes are what the digest says, and of the kind that the check says. Throws DomainError. */
export async function lockedSpec(blobs: BlobStore, check: Check): Promise<CheckSpec> {
  const bytes = await blobs.get(check.spec);
  if (createHash('sha256').update(bytes).digest('hex') !== check.spec)
    throw unreadable(check, 'its bytes are not what was locked');
  const spec = CheckSpec.safeParse(jsonOrNull(Buffer.from(bytes).toString('utf8')));
  if (!spec.success) throw unreadable(check, 'it is no check');
  if (spec.data.kind !== check.kind) throw unreadable(check, `it is of kind ${spec.data.kind}, not ${check.kind}`);
  return spec.data;
}

function unreadable(check: Check, why: string): DomainError {
  return new DomainError('check_unreadable', 'invalid', {
    message: `The locked check ${check.id} cannot be used: ${why}. Propose it again and approve it.`,
  });
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The files that checks bring along. A check that cannot be read brings none; its own evidence says why. */
export async function lockedFiles(blobs: BlobStore, checks: readonly Check[]): Promise<readonly CheckFile[]> {
  return (await lockedTests(blobs, checks)).flatMap(({ files }) => files);
}

/** The test checks among these, less those that cannot be read. */
export async function lockedTests(blobs: BlobStore, checks: readonly Check[]): Promise<readonly TestCheck[]> {
  const specs = await Promise.all(
    checks.filter(({ kind }) => kind === 'test').map((check) => readableSpec(blobs, check)),
  );
  return specs.flatMap((spec) => (spec?.kind === 'test' ? [spec] : []));
}

async function readableSpec(blobs: BlobStore, check: Check): Promise<CheckSpec | null> {
  try {
    return await lockedSpec(blobs, check);
  } catch (error) {
    if (error instanceof DomainError) return null;
    throw error;
  }
}
