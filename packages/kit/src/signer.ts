/** Signs in the name of an installation. The key never leaves what implements this. */
export interface Signer {
  /** SHA-256 of the public key (SPKI, DER), in hex. */
  readonly keyId: string;
  /** SPKI as PEM. */
  readonly publicKey: string;
  /** Ed25519. */
  sign(bytes: Uint8Array): Promise<Uint8Array>;
}
