import { expect, test } from 'vitest';
import { readSetUp } from './settings.ts';

const token = 'ghp_forge0token0forge0token0forge0token';

test.each([
  ['github.com, where nothing is said', undefined, 'https://api.github.com', 'https://github.com'],
  [
    'GitHub Enterprise Server',
    'https://git.corp.example/api/v3',
    'https://git.corp.example/api/v3',
    'https://git.corp.example',
  ],
  [
    'the same with a slash and a port',
    'https://git.corp.example:8443/api/v3/',
    'https://git.corp.example:8443/api/v3',
    'https://git.corp.example:8443',
  ],
  ['a company at GHE.com', 'https://api.corp.ghe.com', 'https://api.corp.ghe.com', 'https://corp.ghe.com'],
])('calls and repositories of %s go to their own addresses', (_, given, ...[api, web]) => {
  const environment = {
    DEVFACTORY_GITHUB_TOKEN: token,
    ...(given === undefined ? {} : { DEVFACTORY_GITHUB_API: given }),
  };
  expect(readSetUp(environment)).toMatchObject({ api, web, token, app: null });
});
