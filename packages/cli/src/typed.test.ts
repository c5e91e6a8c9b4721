import { expect, test } from 'vitest';
import { typed } from './typed.ts';

test('the next command is written as this one was started', () => {
  expect(typed('show last', { argv: ['node', 'main.js', 'runs'], env: {} })).toBe('devfactory show last');
  expect(typed('show last', { argv: [], env: { npm_lifecycle_event: 'start' } })).toBe('npm start -- show last');
  expect(typed('show last', { argv: [], env: { npm_lifecycle_event: 'test' } })).toBe('devfactory show last');
});

test('and for the same data directory', () => {
  const env = {};
  expect(typed('runs', { argv: ['--data-dir', '/tmp/a'], env })).toBe('devfactory runs --data-dir /tmp/a');
  expect(typed('runs', { argv: ["--data-dir=it's here"], env })).toBe(`devfactory runs --data-dir 'it'\\''s here'`);
});
