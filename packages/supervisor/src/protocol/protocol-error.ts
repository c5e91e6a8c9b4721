/** The other end does not keep to the protocol: the connection ends. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
}

/** Why a request could not be met. `code` is stable and becomes the DomainError's code on the host. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}
