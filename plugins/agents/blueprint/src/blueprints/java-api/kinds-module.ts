import type { Model } from '../../model/model.ts';
import { textAndNumberKinds } from './text-and-number-kinds.ts';
import { valueKinds } from './value-kinds.ts';

/** Kinds.java with exactly the kinds of field that are used. */
export function kinds(model: Model): string {
  const types = new Set(model.entities.flatMap((entity) => entity.fields.map((field) => field.type)));
  const used = [...textAndNumberKinds, ...valueKinds].filter((kind) => kind.types.some((type) => types.has(type)));
  const imports = [
    ...new Set(['com.fasterxml.jackson.databind.JsonNode', ...used.flatMap((kind) => kind.imports)]),
  ].toSorted();
  return `package app.storage;

${imports.map((name) => `import ${name};\n`).join('')}
/** The kinds of value that fields have. */
public final class Kinds {
  private Kinds() {}

${used.map((kind) => kind.code).join('\n')}}
`;
}
