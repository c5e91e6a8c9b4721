import { envExample, file, paper, type Papers } from '../../http-api/papers.ts';
import type { Model } from '../../model/model.ts';
import type { Behaviour } from '../../requirements/behaviour.ts';

export const goPapers: Papers = { commands: ['go run .', 'go test ./...'], ignored: '.env', own };

function own({ port }: Model): Behaviour[] {
  return [
    paper({
      key: 'language',
      text: 'The API shall be written in Go.',
      checks: [
        file('it is a Go module', 'go.mod', ['module ', '\ngo 1.']),
        file('its routes are those of net/http', 'internal/api/api.go', ['"net/http"', 'http.NewServeMux()']),
      ],
    }),
    paper({
      key: 'settings',
      text: 'The project shall read its settings from the environment.',
      checks: [
        file('settings come from the environment', 'internal/config/config.go', ['text(getenv, "DATABASE"']),
        envExample,
      ],
    }),
    paper({
      key: 'port',
      text: `The API shall listen on port ${port} unless PORT says otherwise.`,
      checks: [file(`the port is ${port} by default`, 'internal/config/config.go', [`whole(getenv, "PORT", ${port})`])],
    }),
  ];
}
