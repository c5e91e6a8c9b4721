import { expect, test } from 'vitest';
import { endpointUrl } from './model-endpoint.ts';

test.each([
  'http://169.254.169.254/latest/meta-data',
  'http://0xa9fea9fe/',
  'http://[::ffff:169.254.169.254]/',
  'http://[fe80::1]/',
  'http://[fd00:ec2::254]/',
  'http://100.100.100.200/',
  'http://168.63.129.16/',
  'http://metadata.google.internal./computeMetadata/v1',
])('where a cloud keeps a machine’s keys is no endpoint: %s', (url) => {
  expect(() => endpointUrl(url)).toThrow(expect.objectContaining({ code: 'invalid_base_url' }));
});
test.each(['http://127.0.0.1:11434/v1', 'http://192.168.1.9/v1', 'https://models.example/v1', 'http://[::1]:8080/v1'])(
  'a model of one’s own may be anywhere else: %s',
  (url) => expect(endpointUrl(`${url}/`)).toBe(url),
);
