import { expect, test } from 'vitest';
import { readSkillHead } from './skill-text.ts';

test.each([
  ['---\nname: tidy\ndescription: Tidies up\n---\n# Tidy', { name: 'tidy', about: 'Tidies up' }],
  ['---\r\ndescription: "Says: tidy"\r\nname: \'tidy-2\'\r\n---\r\n', { name: 'tidy-2', about: 'Says: tidy' }],
  ['---\nname: tidy\ndescription: >\n  Tidies\n  up\nlicense: MIT\n---', { name: 'tidy', about: 'Tidies up' }],
])('the head of %j is read', (text, head) => {
  expect(readSkillHead(text)).toEqual(head);
});
test.each([
  '# Tidy',
  '---\nname: tidy\n---\n',
  '---\nname: ../x\ndescription: d\n---\n',
  '---\nname: Tidy\ndescription: d\n---',
  '---\nname: tidy\ndescription: \u200b\n---\n',
])('%j is no skill', (text) => {
  expect(readSkillHead(text)).toHaveProperty('trouble');
});
test('a description of any length fits, in one line and without what nobody sees', () => {
  const head = readSkillHead(`---\nname: a\ndescription: x\u202e${'y'.repeat(5000)}\n---\n`);
  expect(head).toHaveProperty('about', `x ${'y'.repeat(197)}…`);
});
