import { StandardSchemaValidationPipe, type ArgumentMetadata } from '@nestjs/common';
import { HttpProblem } from './problem.ts';

const mostIssues = 20;

/** Nest would drop every key named 'constructor' without a word; what is dangerous was refused when the JSON was read. */
class SchemaPipe extends StandardSchemaValidationPipe {
  protected override stripProtoKeys(): void {}

  /** A part of the path is a value of its own, so its schema cannot say what it is called. */
  override async transform<T = unknown>(value: T, metadata: ArgumentMetadata): Promise<T> {
    try {
      return await super.transform(value, metadata);
    } catch (error) {
      const name = metadata.type === 'param' ? metadata.data : undefined;
      if (!(error instanceof HttpProblem) || name === undefined) throw error;
      const issues = error.issues?.map(({ message }) => ({ path: name, message }));
      throw new HttpProblem(error.status, error.code, { detail: `${name}: ${error.message}`, issues });
    }
  }
}

/** Parses body, query and path parameters with the zod schema named at the parameter; unknown fields are refused by strict schemas. */
export function validationPipe(): StandardSchemaValidationPipe {
  return new SchemaPipe({
    exceptionFactory: (issues) => {
      const told = issues.slice(0, mostIssues).map(({ path, message }) => ({ path: pathText(path), message }));
      const [first] = told;
      const detail = first ? [first.path, first.message].filter(Boolean).join(': ') : 'The request is not valid.';
      return new HttpProblem(422, 'invalid_request', { detail, issues: told });
    },
  });
}

function pathText(path: readonly (PropertyKey | { readonly key: PropertyKey })[] = []): string {
  return path.map((part) => String(typeof part === 'object' ? part.key : part)).join('.');
}
