import { createHash } from 'node:crypto';

/** Java's own format of a key store, version 2, with the password that Java uses when none is named. */
const password = 'changeit';
const magic = 0xfeedfeed;
const trustedCertificate = 2;

/** The certificates of a PEM bundle as a JVM reads them. Written here, so that the host needs no Java for it. */
export function javaTrustStore(bundle: string): Uint8Array {
  const certificates = bundle.match(/-----BEGIN [A-Z ]*CERTIFICATE-----[^-]+-----END [A-Z ]*CERTIFICATE-----/g) ?? [];
  const entries = certificates.map((text, index) => {
    const bytes = Buffer.from(text.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64');
    return Buffer.concat([
      word(trustedCertificate),
      name(`ca${index}`),
      Buffer.alloc(8),
      name('X.509'),
      word(bytes.length),
      bytes,
    ]);
  });
  const content = Buffer.concat([word(magic), word(2), word(entries.length), ...entries]);
  const salted = createHash('sha1').update(Buffer.from(password, 'utf16le').swap16()).update('Mighty Aphrodite');
  return Buffer.concat([content, salted.update(content).digest()]);
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function name(text: string): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(text.length);
  return Buffer.concat([length, Buffer.from(text, 'ascii')]);
}
