export interface ByteRange {
  readonly offset: number;
  readonly length: number;
}

/**
 * The one part of `bytes` that a Range header asks for (RFC 9110); null where all of it is to be sent: no such header, another unit,
 * several parts, nonsense, or an If-Range that names something else. 'unsatisfiable' where nothing lies there.
 */
export function rangeOf(
  {
    range = '',
    'if-range': condition,
  }: { readonly range?: string | undefined; readonly 'if-range'?: string | string[] | undefined },
  { bytes, etag }: { readonly bytes: number; readonly etag: string },
): ByteRange | 'unsatisfiable' | null {
  const [, first = '', last = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(range.trim()) ?? [];
  if ((first === '' && last === '') || (condition !== undefined && condition !== etag)) return null;
  if (first === '') {
    const length = Math.min(Number(last), bytes);
    return length === 0 ? 'unsatisfiable' : { offset: bytes - length, length };
  }
  const offset = Number(first);
  const end = last === '' ? bytes - 1 : Math.min(Number(last), bytes - 1);
  if (last !== '' && Number(last) < offset) return null;
  return offset >= bytes ? 'unsatisfiable' : { offset, length: end - offset + 1 };
}
