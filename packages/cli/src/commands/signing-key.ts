import { commonOptions, serverOptions, type Command } from '../command.ts';
import { exitCodes } from '../exit-code.ts';
import { withServer } from '../server/connect.ts';

export const signingKey: Command = {
  name: 'signing-key',
  about: 'the public key that deliveries of this installation are signed with',
  words: '',
  count: { least: 0, most: 0 },
  options: { ...serverOptions, ...commonOptions },
  run: (invocation) =>
    withServer(invocation, async ({ client }) => {
      const { arguments: given, terminal } = invocation;
      const { keyId, publicKey } = (await client.about()).signing;
      terminal.out(given.flag('json') ? JSON.stringify({ keyId, publicKey }) : publicKey.trim());
      if (!given.flag('json')) terminal.talk(`Key ${keyId}`);
      return exitCodes.done;
    }),
};
