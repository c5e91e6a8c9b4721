import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { javaTrustStore } from './java-trust-store.ts';

const bundle = '/etc/ssl/certs/ca-certificates.crt';
const reason =
  spawnSync('which', ['keytool']).status !== 0
    ? 'no keytool; apt-get install default-jdk-headless'
    : existsSync(bundle)
      ? null
      : `no ${bundle}; apt-get install ca-certificates`;

test.skipIf(reason !== null)(
  `Java reads every certificate of the bundle${reason === null ? '' : ` (skipped: ${reason})`}`,
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'devfactory-jks-'));
    try {
      const pem = readFileSync(bundle, 'utf8');
      const path = join(folder, 'trusted.jks');
      writeFileSync(path, javaTrustStore(pem));
      const { stdout } = spawnSync(
        'keytool',
        ['-J-Duser.language=en', '-list', '-keystore', path, '-storepass', 'changeit'],
        {
          encoding: 'utf8',
        },
      );
      const there = pem.match(/BEGIN CERTIFICATE/g)?.length ?? 0;
      expect(there).toBeGreaterThan(0);
      expect(stdout).toContain(`contains ${there} entries`);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);
