import { sourceTreeOf } from '@devfactory/kit/testing';
import { expect, test } from 'vitest';
import { renderSbom } from './sbom.ts';

interface Bom {
  readonly metadata: { readonly properties?: readonly { readonly value: string }[] };
  readonly components: readonly { readonly purl: string; readonly hashes?: readonly { readonly content: string }[] }[];
}

const bomOf = async (files: Parameters<typeof sourceTreeOf>[0]): Promise<Bom> =>
  JSON.parse(await renderSbom(sourceTreeOf(files), { name: 'shop' })) as Bom;

test('a bill of materials names what the lock files and manifests of every ecosystem name', async () => {
  const { components } = await bomOf([
    [
      'web/package-lock.json',
      JSON.stringify({
        packages: {
          '': { version: '1.0.0' },
          'node_modules/@scope/a': { version: '2.0.0', integrity: 'sha512-AAEC' },
          'node_modules/b/node_modules/c': { version: '3.0.0-rc.1' },
          'node_modules/linked': { link: true },
        },
      }),
    ],
    ['requirements.txt', 'Flask==3.0.1\nrequests>=2\n# gone==1\nuvicorn[standard]==0.30.0 ; python_version > "3"\n'],
    ['go.mod', 'module x\n\nrequire github.com/a/b v1.2.3\nrequire (\n\tgolang.org/x/net v0.1.0 // indirect\n)\n'],
    [
      'Cargo.lock',
      '[[package]]\nname = "own"\nversion = "0.1.0"\n\n[[package]]\nname = "serde"\nversion = "1.0.0"\nsource = "registry+x"\nchecksum = "ab12"\n',
    ],
    [
      'pom.xml',
      '<project><properties><j.version>6.1</j.version></properties><dependencies><dependency><groupId>io.javalin</groupId><artifactId>javalin</artifactId><version>${j.version}</version></dependency></dependencies></project>',
    ],
  ]);
  expect(components.map(({ purl }) => purl)).toEqual([
    'pkg:cargo/serde@1.0.0',
    'pkg:golang/github.com/a/b@v1.2.3',
    'pkg:golang/golang.org/x/net@v0.1.0',
    'pkg:maven/io.javalin/javalin@6.1',
    'pkg:npm/%40scope/a@2.0.0',
    'pkg:npm/c@3.0.0-rc.1',
    'pkg:pypi/flask@3.0.1',
    'pkg:pypi/uvicorn@0.30.0',
  ]);
  expect(components[4]?.hashes?.[0]?.content).toBe('000102');
});

test('a lock file that is none is named and stops nothing', async () => {
  const { components, metadata } = await bomOf([
    ['package-lock.json', '{'],
    ['a/requirements.txt', 'x==1'],
  ]);
  expect(components.map(({ purl }) => purl)).toEqual(['pkg:pypi/x@1']);
  expect(metadata.properties).toEqual([{ name: 'devfactory:unread', value: 'package-lock.json' }]);
});
