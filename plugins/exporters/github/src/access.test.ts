import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createGitHubExporter } from './index.ts';
import { branch, Delivering, refusal, signal } from './testing/delivering.ts';
import { noBlobs, requestFor } from './testing/request.ts';

describe('a delivery to GitHub by an app', () => {
  const at = Delivering.forEach();
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const granted = {
    metadata: 'read',
    contents: 'write',
    pull_requests: 'write',
    checks: 'write',
    administration: 'write',
  };
  let environment: Record<string, string>;
  beforeEach(() => {
    const file = join(at.directory, '..', `${basename(at.directory)}.pem`);
    writeFileSync(file, privateKey.export({ type: 'pkcs1', format: 'pem' }), { mode: 0o600 });
    environment = {
      DEVFACTORY_GITHUB_APP_ID: '42',
      DEVFACTORY_GITHUB_APP_KEY_FILE: file,
      DEVFACTORY_GITHUB_API: `${at.forge.web}/api/v3`,
    };
    at.forge.app = { id: '42', key: publicKey, granted };
  });
  afterEach(() => rmSync(environment['DEVFACTORY_GITHUB_APP_KEY_FILE'] ?? '', { force: true }));
  const exporter = () => createGitHubExporter({ environment, directory: at.directory, retryMs: 1 });

  test('asks for one token, for this repository and for no more rights than a delivery needs', async () => {
    const app = exporter();
    await app.deliver(requestFor({ blobs: noBlobs }), signal);
    await app.deliver(requestFor({ blobs: noBlobs }), signal);
    expect(at.forge.tokensAsked).toEqual([
      {
        repositories: ['shop'],
        permissions: { metadata: 'read', contents: 'write', pull_requests: 'write', checks: 'write' },
      },
    ]);
    expect(at.forge.pulls).toHaveLength(1);
    expect(at.forge.api.checkRuns).toHaveLength(1);
    expect(readdirSync(at.directory)).toEqual([]);
  });

  test('without the right to workflows pushes none', async () => {
    at.forge.api.scopes = null;
    const files = { '.github/workflows/ci.yml': 'on: push\n' };
    expect(await refusal(exporter().deliver(requestFor({ blobs: noBlobs, files }), signal))).toMatchObject({
      code: 'github_workflow_scope',
    });
    expect(at.forge.git('acme/shop', 'for-each-ref', `refs/heads/${branch}`)).toBe('');
  });

  test('says when GitHub does not know it, or it is not installed there', async () => {
    at.forge.app = { id: '43', key: publicKey, granted };
    expect(await refusal(exporter().deliver(requestFor({ blobs: noBlobs }), signal))).toMatchObject({
      code: 'github_app_refused',
    });
    at.forge.forged = (asked) => (asked.endsWith('/installation') ? { status: 404 } : null);
    expect(await refusal(exporter().deliver(requestFor({ blobs: noBlobs }), signal))).toMatchObject({
      code: 'github_app_not_installed',
    });
  });

  test('takes no key that others may read, and none that is no key', () => {
    const file = environment['DEVFACTORY_GITHUB_APP_KEY_FILE'] ?? '';
    const accept = () => exporter().accept({ kind: 'github', repository: 'acme/shop' });
    expect(accept).not.toThrow();
    chmodSync(file, 0o640);
    expect(accept).toThrow(/chmod 600/);
    chmodSync(file, 0o600);
    writeFileSync(file, 'hunter2');
    expect(accept).toThrow(/^(?!.*hunter2).*no RSA key/);
    environment = { ...environment, DEVFACTORY_GITHUB_APP_ID: '' };
    expect(accept).toThrow(/both DEVFACTORY_GITHUB_APP_ID/);
  });
});
