import { text } from 'node:stream/consumers';
import { exporterSuite, makeCertificate, withManagedIdentity } from '@devfactory/kit/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAzureExporter } from './index.ts';
import { AzureStage, never, newContainer, request } from './testing/stage.ts';

let stage: AzureStage;
beforeAll(async () => {
  stage = await AzureStage.start();
});
afterAll(() => stage.stop());

for (const as of ['archive', 'files', 'site'] as const)
  exporterSuite(`the Azure exporter (${as})`, async () => {
    const container = newContainer();
    return {
      exporter: stage.exporter(),
      destination: { kind: 'azure', container, as },
      arrived: ({ location }) => (as === 'archive' ? stage.unpacked(container, location) : stage.laid(container)),
      count: async () => (await stage.names(container)).filter((name) => name.endsWith('delivery.json')).length,
      dispose: async () => void (await stage.container(container).deleteIfExists()),
    };
  });

describe('the account', () => {
  test('that nobody has named is said before a run begins', () => {
    expect(() => createAzureExporter({ environment: {} }).accept({ kind: 'azure' })).toThrow(
      expect.objectContaining({
        code: 'invalid_destination',
        message: expect.stringContaining('DEVFACTORY_DELIVERY_URL'),
      }),
    );
  });

  const certificate = makeCertificate();
  afterAll(() => certificate?.remove());
  test.skipIf(certificate === null)('is reached with a managed identity, which signs links too (needs openssl)', () =>
    withManagedIdentity(certificate!, async (azurite, asked) => {
      const oauth = createAzureExporter({
        environment: { DEVFACTORY_DELIVERY_URL: `${azurite.url}/${newContainer()}` },
        pauseMs: 1,
      });
      const destination = { kind: 'azure' } as const;
      const { location } = await oauth.deliver(request(destination), never);
      expect(location).toMatch(/^https:/);
      expect(asked()).toBeGreaterThan(0);
      const link = await oauth.link!({ destination, location, expiresAt: new Date(Date.now() + 3_600_000) });
      // The identity's own key signed it, and it says so.
      expect(new URL(link).searchParams.get('skoid')).toBe('11059fcc-5514-4800-b5f8-49808b9cfab6');
      const answer = await fetch(link);
      expect([answer.status, (await text(answer.body!)).slice(0, 2)]).toEqual([200, 'PK']);
      expect((await fetch(link, { method: 'DELETE' })).status).toBe(403);
    }),
  );
});
