import { expect, test } from 'vitest';
import { repositoryAt } from './wishes.ts';

test.each([
  ['https://github.com', 'https://github.com/acme/shop', 'acme/shop'],
  ['https://github.com', 'https://github.com/acme/shop.git', 'acme/shop'],
  ['https://github.com', 'https://github.com/acme/shop/', 'acme/shop'],
  ['https://github.com', 'https://github.com.evil.example/acme/shop', ''],
  ['https://github.com', 'https://gitlab.com/acme/shop', ''],
  ['https://github.com', 'https://github.com/acme', ''],
  ['https://github.com', 'https://github.com/acme/shop/tree/main', ''],
  ['https://github.com', '', ''],
  ['', 'https://github.com/acme/shop', ''],
])('where %s is delivered to, %s is the repository "%s"', (place, address, repository) => {
  expect(repositoryAt(place, address)).toBe(repository);
});
