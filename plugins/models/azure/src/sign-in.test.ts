import { ModelServer, startManagedIdentity } from '@devfactory/kit/testing';
import { expect, it } from 'vitest';
import { azureProvider } from './azure.ts';

// A process of its own: a machine's identity is looked up once for all.
it('says that signing in failed where the machine has no identity, and asks nothing', async () => {
  const [server, identity] = [await ModelServer.start(), await startManagedIdentity()];
  Object.assign(process.env, identity.environment, {
    AZURE_TOKEN_CREDENTIALS: 'ManagedIdentityCredential',
    IDENTITY_HEADER: 'of another machine',
  });
  try {
    const provider = azureProvider();
    const listed = provider.list({ baseUrl: server.url }, AbortSignal.timeout(5000));
    await expect(listed).rejects.toMatchObject({ code: 'sign_in_failed' });
    const prompt = [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'Hello' }] }];
    const model = await provider.open('scripted', { baseUrl: server.url });
    await expect(Promise.resolve(model.doStream({ prompt }))).rejects.toMatchObject({ code: 'sign_in_failed' });
    expect(server.requests).toHaveLength(0);
  } finally {
    identity.stop();
    await server.close();
  }
});
