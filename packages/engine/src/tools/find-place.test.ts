import { describe, expect, it } from 'vitest';
import { findPlace } from './find-place.ts';

const edited = (text: string, find: string, replace: string): string | number => {
  const found = findPlace(text, find, replace);
  if ('places' in found) return found.places;
  return text.slice(0, found.place.start) + found.place.replacement + text.slice(found.place.end);
};

describe('the place of an edit', () => {
  it('is the exact text where that is there once', () => {
    expect(edited('a\nb\nc\n', 'b', 'x')).toBe('a\nx\nc\n');
  });

  it('is nowhere when the text is there more than once, exactly or nearly', () => {
    expect(edited('b\nb\n', 'b', 'x')).toBe(2);
    expect(edited('  f( )\n  g\n\tf( )\n  g\n', 'f( )\ng', 'x')).toBe(2);
    expect(edited('a\n', 'b', 'x')).toBe(0);
    expect(edited('a\n\n', '\n\n\n', 'x')).toBe(0);
  });

  it('is found under other indentation, which the replacement takes on', () => {
    expect(
      edited(
        'class A {\n\tone() {\n\t\treturn 1;\n\t}\n}\n',
        '  one() {\n    return 1;\n  }',
        '  one() {\n    return 2;\n  }',
      ),
    ).toBe('class A {\n\tone() {\n\t  return 2;\n\t}\n}\n');
    expect(edited('if (a) {\n    b();\n}\n', 'b( );'.replace('( )', '()'), 'c();')).toBe('if (a) {\n    c();\n}\n');
  });

  it('keeps Windows line ends and a byte-order mark', () => {
    expect(edited('\uFEFFone\r\ntwo\r\nthree\r\n', 'one\ntwo', 'one\n2')).toBe('\uFEFFone\r\n2\r\nthree\r\n');
    expect(edited('one\r\ntwo\r\n', 'two', 'two\ntoo')).toBe('one\r\ntwo\r\ntoo\r\n');
  });

  it('takes spaces at line ends for nothing', () => {
    expect(edited('a  \n  b\nc\n', 'a\n  b', 'a\n  x')).toBe('a\n  x\nc\n');
  });
});
