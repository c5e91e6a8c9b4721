import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sourceTreeOf } from '@devfactory/kit/testing';
import { afterAll, describe, expect, test } from 'vitest';
import { renderSbom } from './sbom.ts';

const canary = `DFCANARY_${randomBytes(12).toString('hex')}`;
const folder = mkdtempSync(join(tmpdir(), 'devfactory-xml-'));
const secret = join(folder, 'secret');
writeFileSync(secret, canary);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const dependency = (version: string): string =>
  `<dependency><groupId>a.b</groupId><artifactId>c</artifactId><version>${version}</version></dependency>`;
const external = `<?xml version="1.0"?><!DOCTYPE project [<!ENTITY x SYSTEM "file://${secret}">]><project>${dependency('&x;')}</project>`;

describe('C16: files that attack whoever parses them, each with its teeth', () => {
  const python =
    'import sys, xml.sax\nclass Seen(xml.sax.ContentHandler):\n    def characters(self, text): print(text)\nparser = xml.sax.make_parser(); parser.setFeature(xml.sax.handler.feature_external_ges, True); parser.setContentHandler(Seen()); parser.parse(sys.argv[1])';
  const noPython = spawnSync('python3', ['--version']).status !== 0;

  test.skipIf(noPython)('an entity that names a file of the host is only words (skipped without python3)', async () => {
    expect(await renderSbom(sourceTreeOf([['pom.xml', external]]), { name: 'shop' })).not.toContain(canary);
    const file = join(folder, 'pom.xml');
    writeFileSync(file, external);
    expect(spawnSync('python3', ['-c', python, file]).stdout.toString()).toContain(canary);
  });

  test('entities and properties that multiply each other stay as small as they are written', async () => {
    const laughs = Array.from({ length: 40 }, (_, at) => `<!ENTITY l${at + 1} "${`&l${at};`.repeat(10)}">`).join('');
    const long = `<project><properties><p>${'9'.repeat(100_000)}</p></properties>${dependency('${p}'.repeat(30_000))}</project>`;
    const doctype = `<!DOCTYPE project [<!ENTITY l0 "ha">${laughs}]><project>${dependency('&l40;')}</project>`;
    for (const text of [long, doctype]) {
      const bill = await renderSbom(sourceTreeOf([['pom.xml', text]]), { name: 'shop' });
      expect(bill.length).toBeLessThan(20_000);
    }
    // The teeth: who puts in what they stand for has three thousand million characters.
    expect(() => '${p}'.repeat(30_000).replaceAll('${p}', () => '9'.repeat(100_000))).toThrow(RangeError);
  });
});
