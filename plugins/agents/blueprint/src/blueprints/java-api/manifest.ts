import { httpCatalogue } from '../../http-api/catalogue.ts';
import { httpGrammar } from '../../http-api/grammar.ts';
import { httpPurpose } from '../../http-api/purpose.ts';
import type { Model, ProjectFile } from '../../model/model.ts';
import type { Blueprint } from '../blueprint.ts';
import { appFiles } from './app-files.ts';
import { authFiles } from './auth-files.ts';
import { paperFiles } from './paper-files.ts';
import { javaPapers } from './papers.ts';
import { storageFiles } from './storage-files.ts';
import { testFiles, testIds } from './test-files.ts';

/** An HTTP API in Java on Javalin, with SQLite and, where it is asked for, JSON Web Tokens. */
export const javaApi: Blueprint = {
  id: 'java-api',
  title: 'Java API',
  builds: 'an HTTP API in Java with Javalin',
  product: 'API',
  toolchain: 'java',
  lacking: `version=$(javac -version 2>&1 | grep '^javac' | tr -dc '0-9.' | cut -d. -f1)
{ [ "\${version:-0}" -ge 17 ] && command -v mvn >/dev/null; } || echo 'This machine has no JDK of version 17 or newer with Maven, without which nothing of this can be built or checked. Get them with: sudo apt-get install -y default-jdk-headless maven'`,
  asking: {
    names: /\bjavalin\b/i,
    platform:
      /\b(?:java(?! ?script)|jdk|maven|gradle|spring(?:[- ]?boot)?(?= (?:app|application|api|rest|service|backend|web|project|mvc)\b)|quarkus|micronaut|dropwizard|jakarta|junit)\b/i,
    purpose: httpPurpose,
    instead: {
      names: /\b(?:spring(?:[- ]?boot)?|quarkus|micronaut|dropwizard|helidon|jakarta ee|gradle)\b/gi,
      uses: 'Javalin and Maven',
    },
    assumed: '',
  },
  conventions: { keys: 'camel', port: 8080 },
  grammar: httpGrammar(String.raw`(?:in |with )?java(?: ?\d\d)?|javalin|maven|junit(?: ?5)?(?: tests?)?|jdk`),
  catalogue: (model: Model) => httpCatalogue(model, { blueprint: javaApi, papers: javaPapers }),
  parts: (model: Model) => [
    { title: 'papers and storage', files: [...paperFiles(model), ...storageFiles(model)] },
    { title: model.auth ? 'accounts, tokens and routes' : 'routes', files: [...authFiles(model), ...appFiles(model)] },
    { title: 'tests', files: testFiles(model) },
  ],
  placeOf: ({ path }) => ` at ${path}`,
  testCommand: () => 'mvn --batch-mode --no-transfer-progress --quiet test',
  isTest: ({ path }: ProjectFile) => path.startsWith('src/test/'),
  testIds,
};
