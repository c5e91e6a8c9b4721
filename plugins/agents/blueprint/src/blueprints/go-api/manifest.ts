import { httpCatalogue } from '../../http-api/catalogue.ts';
import { httpGrammar } from '../../http-api/grammar.ts';
import { httpPurpose } from '../../http-api/purpose.ts';
import type { Model, ProjectFile } from '../../model/model.ts';
import type { Blueprint } from '../blueprint.ts';
import { apiFiles } from './api-files.ts';
import { authFiles } from './auth-files.ts';
import { coreFiles } from './core-files.ts';
import { paperFiles } from './paper-files.ts';
import { goPapers } from './papers.ts';
import { storageFiles } from './storage-files.ts';
import { testFiles, testIds } from './test-files.ts';

/** An HTTP API in Go on net/http, with its data in one file and, where it is asked for, JSON Web Tokens. */
export const goApi: Blueprint = {
  id: 'go-api',
  title: 'Go API',
  builds: 'an HTTP API in Go',
  product: 'API',
  toolchain: 'go',
  lacking: `version=$(GOTOOLCHAIN=local go env GOVERSION 2>/dev/null | cut -d. -f2)
[ "\${version:-0}" -ge 24 ] || echo "This machine has no Go of version 1.24 or newer, without which nothing of this can be built or checked. Debian 13 has one: sudo apt-get install -y golang-go; elsewhere unpack one from go.dev/dl into /usr/local/go."`,
  asking: {
    names: /\b(?:gorilla\/mux|go-?chi|gofiber)\b/i,
    // 'Go' is also a verb: it counts where something is made with it.
    platform:
      /\bgolang\b|\b(?:in|with|using|use|language:?) go\b(?! (?:to|back|over|through)\b)|(?<!\bto )\bgo[ -](?:(?:based|rest|http|web|json|crud|micro|gin|echo|fiber|chi)[ -]?)*(?:apis?|services?|servers?|program|backend|project)\b/i,
    purpose: httpPurpose,
    instead: {
      names:
        /\b(?:(?:gin(?:[- ]gonic)?|echo|fiber|chi)(?= (?:framework|router|(?:rest |http )?api|(?:http )?service)\b)|(?<=\b(?:with|using|on) )(?:gin|echo|fiber|chi)|gorilla\/mux|go-?chi|gofiber)\b/gi,
      uses: "the router of Go's standard library and no framework",
    },
    assumed: '',
  },
  conventions: { keys: 'snake', port: 8080 },
  grammar: httpGrammar(
    String.raw`(?:in |with |written in )?(?:go|golang)(?: ?1\.\d\d)?|net\/http|standard library|servemux`,
  ),
  catalogue: (model: Model) => httpCatalogue(model, { blueprint: goApi, papers: goPapers }),
  parts: (model: Model) => [
    { title: 'configuration, start and storage', files: [...coreFiles(model), ...storageFiles(model)] },
    { title: model.auth ? 'accounts, tokens and routes' : 'routes', files: [...authFiles(model), ...apiFiles(model)] },
    { title: 'tests and papers', files: [...testFiles(model), ...paperFiles(model)] },
  ],
  placeOf: ({ path }) => ` at ${path}`,
  testCommand: () => 'go test ./...',
  isTest: ({ path }: ProjectFile) => path.endsWith('_test.go'),
  testIds,
};
