import { describe, expect, it } from 'vitest';
import { isMet, median, percentile, ratioOf, type Figure } from './figure.ts';
import { figureLine, formatRatio, formatValue, headLine } from './words.ts';

const figure: Figure = { name: 'exec', unit: 'ms', value: 12, n: 9, reference: { name: 'bash', value: 8 } };

describe('a median', () => {
  it('is the middle sample, whatever order they came in', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([7])).toBe(7);
  });

  it('is the mean of the two in the middle of an even number', () => {
    expect(median([10, 1, 2, 3])).toBe(2.5);
  });

  it('leaves the samples as they were, and is refused without any', () => {
    const samples = [3, 1, 2];
    median(samples);
    expect(samples).toEqual([3, 1, 2]);
    expect(() => median([])).toThrow('no samples');
  });
});

describe('a percentile', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);

  it('is a sample that this share of all do not exceed', () => {
    expect([0.5, 0.99, 1].map((share) => percentile(hundred, share))).toEqual([50, 99, 100]);
    expect(percentile(hundred, 0)).toBe(1);
    expect(percentile([4], 0.99)).toBe(4);
  });

  it('is refused without samples', () => {
    expect(() => percentile([], 0.5)).toThrow('no samples');
  });
});

describe('a ratio', () => {
  it('divides by the reference', () => {
    expect(ratioOf(figure)).toBe(1.5);
  });

  it('is not known without a reference, or beside nothing', () => {
    expect(ratioOf({ name: 'x', unit: 'ms', value: 1, n: 1 })).toBeNull();
    expect(ratioOf({ ...figure, reference: { name: 'nothing', value: 0 } })).toBeNull();
  });
});

describe('a goal', () => {
  it('bounds the value or the ratio, and is met at the bound itself', () => {
    expect(isMet({ ...figure, goal: { atMost: 12, of: 'value' } })).toBe(true);
    expect(isMet({ ...figure, goal: { atMost: 11.9, of: 'value' } })).toBe(false);
    expect(isMet({ ...figure, goal: { atMost: 1.5, of: 'ratio' } })).toBe(true);
    expect(isMet({ ...figure, goal: { atMost: 1.4, of: 'ratio' } })).toBe(false);
  });

  it('is neither met nor missed where there is none or nothing to judge it by', () => {
    expect(isMet(figure)).toBeNull();
    expect(isMet({ name: 'x', unit: 'ms', value: 1, n: 1, goal: { atMost: 1, of: 'ratio' } })).toBeNull();
  });
});

describe('words', () => {
  it('round to three digits and choose the unit by size', () => {
    expect([0.1234, 8.456, 1234.5, 12_345].map((ms) => formatValue(ms, 'ms'))).toEqual([
      '0.123 ms',
      '8.46 ms',
      '1235 ms',
      '12.3 s',
    ]);
    expect([999, 1500, 2_345_678].map((bytes) => formatValue(bytes, 'bytes'))).toEqual(['999 B', '1.5 kB', '2.35 MB']);
    expect([formatValue(0, 'count'), formatValue(0.25, 'percent')]).toEqual(['0', '0.25 %']);
    expect([formatRatio(1.4567), formatRatio(432.1), formatRatio(null)]).toEqual(['1.46x', '432x', '-']);
  });

  it('say in one line what was measured, beside what, and whether the goal is met', () => {
    const words = (of: Figure): string =>
      figureLine(of)
        .trim()
        .split(/\s{2,}/)
        .join(' | ');
    expect(words({ ...figure, goal: { atMost: 1.5, of: 'ratio' } })).toBe(
      'exec | 12 ms | 9 | bash 8 ms | 1.5x | <= 1.5x | met',
    );
    expect(words({ ...figure, goal: { atMost: 10, of: 'value' } })).toBe(
      'exec | 12 ms | 9 | bash 8 ms | 1.5x | <= 10 ms | MISSED',
    );
    expect(words({ name: 'lost', unit: 'count', value: 0, n: 1 })).toBe('lost | 0 | 1 | - | -');
  });

  it('stand in columns under their head', () => {
    const line = figureLine({ ...figure, goal: { atMost: 1.5, of: 'ratio' } });
    expect(line.indexOf('bash')).toBe(headLine.indexOf('beside'));
    expect(line.indexOf('<=')).toBe(headLine.indexOf('goal'));
    expect(line.indexOf('1.5x') + 4).toBe(headLine.indexOf('ratio') + 5);
  });
});
