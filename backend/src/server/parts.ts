/** Tokens of what Nest cannot name by a class. */
export const doors = Symbol('doors');
export const plugins = Symbol('plugins');
export const about = Symbol('about');
export const blobStore = Symbol('blobStore');
export const openApi = Symbol('openApi');

/** How browsers come in. The port is known only after listening, so the link is made by a function. */
export interface Doors {
  readonly cookieName: string;
  loginUrl(token: string): string;
}

export interface AboutFacts {
  readonly version: string;
  readonly dataDir: string;
  readonly driver: string;
  /** The public key that deliveries are signed with. */
  readonly signing: { readonly keyId: string; readonly publicKey: string };
}

/** The API's own description, made once all routes are known. */
export interface OpenApiDocument {
  text: string;
}
