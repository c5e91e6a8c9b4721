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

test.each<readonly [string, string, readonly string[]]>([
  [
    'yarn.lock',
    '# yarn lockfile v1\n\n"@scope/a@^1.0.0", "@scope/a@^1.2.0":\n  version "1.2.3"\n  resolved "x"\n\nb@^2:\n  version "2.0.1"\n',
    ['pkg:npm/%40scope/a@1.2.3', 'pkg:npm/b@2.0.1'],
  ],
  [
    'yarn.lock',
    '__metadata:\n  version: 8\n\n"c@npm:^3.0.0":\n  version: 3.1.0\n\n"own@workspace:.":\n  version: 0.0.0-use.local\n',
    ['pkg:npm/c@3.1.0'],
  ],
  [
    'pnpm-lock.yaml',
    "lockfileVersion: '9.0'\n\nimporters:\n  .:\n    dependencies:\n      a:\n        version: 1.0.0\n\npackages:\n\n  '@scope/a@1.0.0':\n    resolution: {integrity: sha512-x}\n\n  b@2.0.0(react@19.0.0):\n    resolution: {}\n\nsnapshots:\n\n  '@scope/a@1.0.0': {}\n",
    ['pkg:npm/%40scope/a@1.0.0', 'pkg:npm/b@2.0.0'],
  ],
  [
    'poetry.lock',
    '[[package]]\nname = "Flask_Login"\nversion = "0.6.3"\ndescription = "x"\n\n[metadata]\nlock-version = "2.0"\n',
    ['pkg:pypi/flask-login@0.6.3'],
  ],
  [
    'uv.lock',
    'version = 1\n\n[[package]]\nname = "own"\nversion = "0.1.0"\nsource = { virtual = "." }\n\n[[package]]\nname = "httpx"\nversion = "0.28.1"\nsource = { registry = "x" }\n',
    ['pkg:pypi/httpx@0.28.1'],
  ],
  [
    'gradle.lockfile',
    '# This is a Gradle generated file\ncom.google.guava:guava:33.0.0-jre=compileClasspath\nempty=annotationProcessor\n',
    ['pkg:maven/com.google.guava/guava@33.0.0-jre'],
  ],
  [
    'build.gradle.kts',
    'dependencies {\n  implementation("io.javalin:javalin:6.1.3")\n  testImplementation("a:b:+")\n  implementation("c:d:$version")\n}\n',
    ['pkg:maven/io.javalin/javalin@6.1.3'],
  ],
])('%s is read, and what it does not pin is left out', async (name, text, purls) => {
  expect((await bomOf([[name, text]])).components.map(({ purl }) => purl)).toEqual(purls);
});

test('a lock file that is none is named and stops nothing', async () => {
  const { components, metadata } = await bomOf([
    ['package-lock.json', '{'],
    ['a/requirements.txt', 'x==1'],
  ]);
  expect(components.map(({ purl }) => purl)).toEqual(['pkg:pypi/x@1']);
  expect(metadata.properties).toEqual([{ name: 'devfactory:unread', value: 'package-lock.json' }]);
});
