import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { commonOptions, type Command } from '../command.ts';
import { exitCodes } from '../exit-code.ts';
import { CliError, UsageError } from '../failure.ts';
import { readProvenance } from '../verify/provenance.ts';
import { readFolder, readZip } from '../verify/read-tree.ts';
import { treeHash } from '../verify/tree-hash.ts';

/** Offline: a ZIP or a folder against the signed provenance beside it. Nothing of the delivery is run or unpacked. */
export const verifyDelivery: Command = {
  name: 'verify-delivery',
  about: 'hold a delivered ZIP, or a clone of it, against its signed provenance; asks no server',
  words: 'ZIP|FOLDER',
  count: { least: 1, most: 1 },
  options: {
    provenance: { value: 'FILE', about: 'default: NAME.provenance.json beside NAME.zip' },
    key: { value: 'FILE', about: "the installation's public key; without it the key beside the signature is taken" },
    ...commonOptions,
  },
  run: async ({ arguments: given, terminal }) => {
    const path = given.words[0] ?? '';
    const found = await stat(path).catch(() => null);
    if (!found) throw new UsageError(`There is no ${path}.`);
    const base = join(dirname(path), basename(path).replace(/\.zip$/i, ''));
    const provenanceFile = given.text('provenance') ?? `${base}.provenance.json`;
    const key = given.text('key');
    const provenance = readProvenance(await read(provenanceFile), key === null ? null : await read(key));
    const tree = treeHash(found.isDirectory() ? await readFolder(path) : await readZip(path));
    if (provenance.digests.get('source-tree') !== tree)
      throw new CliError(
        `${path} holds tree ${tree}, but ${provenance.digests.get('source-tree') ?? 'none'} was signed: it was changed.`,
      );
    const beside = provenanceFile.replace(/\.?provenance\.json$/, '');
    const checked = ['source tree'];
    for (const name of ['proof.json', 'sbom.json']) {
      const bytes = await readFile(
        beside.endsWith('/') || beside === '' ? `${beside}${name}` : `${beside}.${name}`,
      ).catch(() => null);
      if (bytes === null) continue;
      if (provenance.digests.get(name) !== createHash('sha256').update(bytes).digest('hex'))
        throw new CliError(`${name} is not the one that was signed: it was changed.`);
      checked.push(name);
    }
    const trusted = key !== null;
    if (given.flag('json'))
      terminal.out(
        JSON.stringify({ type: 'verified', tree, run: provenance.run, keyId: provenance.keyId, trusted, checked }),
      );
    else {
      terminal.out(`${checked.join(', ')}: as signed. Tree ${tree}, run ${provenance.run}.`);
      terminal.out(`Key ${provenance.keyId}`);
      if (!trusted)
        terminal.talk(
          'The key came with the delivery: compare it with `devfactory signing-key` of the installation, or give it with --key.',
        );
    }
    return exitCodes.done;
  },
};

async function read(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: unknown) => {
    throw new CliError(`${path} cannot be read. It is delivered beside the ZIP; name it with --provenance or --key.`, {
      cause: error,
    });
  });
}
