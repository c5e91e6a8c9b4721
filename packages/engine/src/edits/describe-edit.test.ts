import { describe, expect, it } from 'vitest';
import { describeEdit } from './describe-edit.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const edit = (before: string | null, after: string | null) =>
  describeEdit({ before: before === null ? null : bytes(before), after: after === null ? null : bytes(after) });

describe('what a person changed', () => {
  it('is told by the lines of the new file', () => {
    expect(edit('a\nb\nc\nd\n', 'a\nB\nc\nd\ne\n')).toMatchObject({
      change: 'modified',
      lines: [
        { from: 2, to: 2 },
        { from: 5, to: 5 },
      ],
      additions: 2,
      deletions: 1,
    });
    expect(edit('a\nb\n', 'a\n').lines).toEqual([{ from: 1, to: 1 }]);
    expect(edit(null, 'a\nb\n')).toMatchObject({ change: 'added', before: null, lines: [{ from: 1, to: 2 }] });
    expect(edit('a\n', null)).toMatchObject({ change: 'removed', after: null, bytes: 0, lines: [], deletions: 1 });
  });

  it('is told by its hash alone where it is binary, and fits into an event however large it is', () => {
    expect(describeEdit({ before: bytes('a'), after: new Uint8Array([0, 1]) })).toMatchObject({
      binary: true,
      lines: [],
      excerpt: '',
    });
    const large = edit('x'.repeat(3_000_000), 'y'.repeat(3_000_000));
    expect(large).toMatchObject({ binary: false, lines: [], excerpt: '', bytes: 3_000_000 });
    expect(edit('x'.repeat(1_000_000), 'y'.repeat(1_000_000)).excerpt).toHaveLength(3000);
    const many = edit(
      Array.from({ length: 400 }, (_, n) => `a${n}`).join('\n'),
      Array.from({ length: 400 }, (_, n) => (n % 2 ? `a${n}` : `b${n}`)).join('\n'),
    );
    expect(many.lines).toHaveLength(50);
    expect(Buffer.byteLength(JSON.stringify(many))).toBeLessThan(20_000);
    expect(edit('a', `b${'x'.repeat(9000)}\0`).excerpt).not.toContain('\0');
  });
});
