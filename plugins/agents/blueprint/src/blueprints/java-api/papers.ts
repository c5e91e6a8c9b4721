import { envExample, file, paper, type Papers } from '../../http-api/papers.ts';
import type { Model } from '../../model/model.ts';
import type { Behaviour } from '../../requirements/behaviour.ts';

export const javaPapers: Papers = { commands: ['mvn package', 'mvn test'], ignored: 'target/', own };

function own({ port }: Model): Behaviour[] {
  const config = 'src/main/java/app/Config.java';
  return [
    paper({
      key: 'language',
      text: 'The API shall be written in Java, built with Maven and served by Javalin.',
      checks: [
        file('Maven builds it with Javalin', 'pom.xml', ['<artifactId>javalin</artifactId>', 'maven.compiler.release']),
        file('Javalin serves it', 'src/main/java/app/Service.java', ['Javalin.create(']),
      ],
    }),
    paper({
      key: 'settings',
      text: 'The project shall read its settings from the environment.',
      checks: [file('settings come from the environment', config, ['env.getOrDefault("DATABASE"']), envExample],
    }),
    paper({
      key: 'port',
      text: `The API shall listen on port ${port} unless PORT says otherwise.`,
      checks: [file(`the port is ${port} by default`, config, [`whole(env, "PORT", ${port})`])],
    }),
    paper({
      key: 'sqlite',
      text: 'The API shall keep its data in SQLite.',
      checks: [file('SQLite is what keeps the data', 'src/main/java/app/storage/Database.java', ['jdbc:sqlite:'])],
    }),
  ];
}
