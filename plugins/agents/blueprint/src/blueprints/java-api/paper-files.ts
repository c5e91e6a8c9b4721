import { readme } from '../../http-api/readme.ts';
import type { Model, ProjectFile } from '../../model/model.ts';
import { licence } from '../licence.ts';

/** README, licence, pom.xml and the like. */
export function paperFiles(model: Model): ProjectFile[] {
  return [
    {
      path: 'README.md',
      content: readme(model, {
        madeWith: 'Java with Javalin, a small server without magic, that keeps its data in SQLite.',
        running: running(model),
        settings: settings(model),
      }),
    },
    { path: 'LICENSE', content: licence },
    { path: '.gitignore', content: 'target/\ndata/\n.env\n*.log\n' },
    { path: '.env.example', content: example(model) },
    { path: 'pom.xml', content: pom(model) },
    { path: 'src/main/resources/simplelogger.properties', content: logging },
  ];
}

const logging = `org.slf4j.simpleLogger.defaultLogLevel=warn
org.slf4j.simpleLogger.showDateTime=true
org.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSSZ
`;

const running = (model: Model): string => `## Run it

It needs a JDK 17 or newer and Maven.

\`\`\`sh
mvn package
java -cp "target/${model.slug}.jar:target/lib/*" app.Main
\`\`\`

Test it with \`mvn test\`. ${model.auth ? 'In production set `APP_ENV=production` and `JWT_SECRET`. ' : ''}SIGTERM stops the service after it has answered what it is working on.
`;

interface Artifact {
  readonly name: string;
  readonly version: string;
  readonly isTest?: true;
}

function artifacts(model: Model): readonly Artifact[] {
  return [
    { name: 'io.javalin:javalin', version: '6.7.0' },
    { name: 'com.fasterxml.jackson.core:jackson-databind', version: '2.19.2' },
    { name: 'org.xerial:sqlite-jdbc', version: '3.50.3.0' },
    ...(model.auth ? [{ name: 'com.auth0:java-jwt', version: '4.5.0' }] : []),
    { name: 'org.slf4j:slf4j-simple', version: '2.0.17' },
    { name: 'org.junit.jupiter:junit-jupiter', version: '5.11.4', isTest: true },
  ];
}

const plugins: readonly (readonly [name: string, version: string, more: string])[] = [
  ['maven-resources-plugin', '3.3.1', ''],
  [
    'maven-compiler-plugin',
    '3.14.0',
    '\n        <configuration>\n          <compilerArgs>\n            <arg>-Xlint:all,-processing</arg>\n          </compilerArgs>\n        </configuration>',
  ],
  ['maven-surefire-plugin', '3.5.3', ''],
  ['maven-jar-plugin', '3.4.2', ''],
  [
    'maven-dependency-plugin',
    '3.8.1',
    `
        <executions>
          <execution>
            <phase>package</phase>
            <goals>
              <goal>copy-dependencies</goal>
            </goals>
            <configuration>
              <includeScope>runtime</includeScope>
              <outputDirectory>\${project.build.directory}/lib</outputDirectory>
            </configuration>
          </execution>
        </executions>`,
  ],
];

function pom(model: Model): string {
  const dependencies = artifacts(model).map(({ name, version, isTest }) => {
    const [group = '', artifact = ''] = name.split(':');
    return `    <dependency>
      <groupId>${group}</groupId>
      <artifactId>${artifact}</artifactId>
      <version>${version}</version>
${isTest ? '      <scope>test</scope>\n' : ''}    </dependency>
`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>
<project xmlns="http://maven.apache.org/POM/4.0.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xsi:schemaLocation="http://maven.apache.org/POM/4.0.0 http://maven.apache.org/xsd/maven-4.0.0.xsd">
  <modelVersion>4.0.0</modelVersion>

  <groupId>com.example</groupId>
  <artifactId>${model.slug}</artifactId>
  <version>0.1.0</version>
  <packaging>jar</packaging>

  <properties>
    <maven.compiler.release>17</maven.compiler.release>
    <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
  </properties>

  <dependencies>
${dependencies.join('')}  </dependencies>

  <build>
    <finalName>${model.slug}</finalName>
    <plugins>
${plugins
  .map(
    ([name, version, more]) => `      <plugin>
        <groupId>org.apache.maven.plugins</groupId>
        <artifactId>${name}</artifactId>
        <version>${version}</version>${more}
      </plugin>
`,
  )
  .join('')}    </plugins>
  </build>
</project>
`;
}

function settings(model: Model): (readonly [string, string, string])[] {
  return [
    ['HOST', '`127.0.0.1`', 'Address to listen on'],
    ['PORT', `\`${model.port}\``, 'Port to listen on; 0 takes a free one'],
    ['DATABASE', '`data/app.db`', 'SQLite file; made when it is not there'],
    ...(model.auth
      ? ([
          [
            'JWT_SECRET',
            'random per process',
            'Signs the tokens; at least 32 characters, needed with several instances',
          ],
          ['JWT_SECONDS', `\`${model.auth.tokenSeconds}\``, 'How long a token lasts'],
          ['APP_ENV', '`development`', '`production` refuses to start without a secret'],
        ] as const)
      : []),
  ];
}

function example(model: Model): string {
  const auth = model.auth
    ? `\n# Make one: openssl rand -hex 32\nJWT_SECRET=\nJWT_SECONDS=${model.auth.tokenSeconds}\nAPP_ENV=development\n`
    : '';
  return `HOST=127.0.0.1\nPORT=${model.port}\nDATABASE=data/app.db\n${auth}`;
}
