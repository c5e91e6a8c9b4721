import { StandardSchemaValidationPipe } from '@nestjs/common';
import { HttpProblem } from './problem.ts';

const mostIssues = 20;

/** Nest would drop every key named 'constructor' without a word; what is dangerous was refused when the JSON was read. */
class SchemaPipe extends StandardSchemaValidationPipe {
  protected override stripProtoKeys(): void {}
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
