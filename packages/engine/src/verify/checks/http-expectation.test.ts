import { expect, test } from 'vitest';
import { answerMismatch } from './http-expectation.ts';

const answer = {
  kind: 'answer',
  status: 200,
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body: '{"id":1}',
} as const;

test('an answer that is as expected has no mismatch', () => {
  const expected = {
    status: [200, 204],
    headers: { 'Content-Type': 'application/json' },
    json: { id: { $gte: 1 } },
    bodyIncludes: ['id'],
    bodyExcludes: ['password'],
  };
  expect(answerMismatch(expected, answer)).toBeNull();
});
test.each([
  [{ status: 201 }, 'Expected status 201'],
  [{ status: 200, headers: { ETag: '' } }, 'no header ETag'],
  [{ status: 200, headers: { 'content-type': 'text/html' } }, 'should contain'],
  [{ status: 200, bodyIncludes: ['nothing'] }, 'should include'],
  [{ status: 200, bodyExcludes: ['id'] }, 'should not include'],
  [{ status: 200, json: { id: 2 } }, '/id should be 2'],
])('a mismatch is said in one sentence: %j', (expected, sentence) => {
  expect(answerMismatch(expected, answer)).toContain(sentence);
});
test('a body that is no JSON does not match a pattern', () => {
  expect(answerMismatch({ status: 200, json: {} }, { ...answer, body: '<html>' })).toBe('The body is not JSON.');
});
