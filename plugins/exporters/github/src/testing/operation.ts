/** A JSON schema as GitHub's description writes it, without its prose. */
export interface Schema {
  readonly type?: string;
  readonly nullable?: boolean;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly additionalProperties?: boolean | Schema;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}

/** What GitHub's own OpenAPI description says of a call. */
export interface Operation {
  readonly query: Readonly<Record<string, Schema>>;
  readonly body: Schema | null;
}
