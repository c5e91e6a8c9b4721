import type { Auth, Model, ProjectFile } from '../../model/model.ts';
import { accountName, password } from '../flask-api/test-files.ts';
import { entityTests, testClass } from './entity-tests.ts';
import { javaText } from './java.ts';
import { client } from './test-client.ts';

const folder = 'src/test/java/app';

/** The project's own tests: the real service on a free port and a database of its own. */
export function testFiles(model: Model): ProjectFile[] {
  return [
    { path: `${folder}/Client.java`, content: client(model) },
    { path: `${folder}/ServiceTest.java`, content: serviceTests(model) },
    ...(model.auth ? [{ path: `${folder}/AuthTest.java`, content: authTests(model.auth, model) }] : []),
    ...model.entities.map((entity) => ({
      path: `${folder}/resources/${testClass(entity)}.java`,
      content: entityTests(entity, model),
    })),
  ];
}

/** Ids of the tests: the file and the method. */
export function testIds(files: readonly ProjectFile[]): string[] {
  return files.flatMap(({ path, content }) =>
    [...content.matchAll(/@Test\n {2}void (\w+)\(/g)].map((match) => `${path}::${match[1]}`),
  );
}

const serviceTests = (model: Model): string => String.raw`package app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceTest {
  @TempDir Path folder;

  @Test
  void healthAnswersOk() throws Exception {
    try (Client client = new Client(folder)) {
      assertEquals(Client.parse("{\"status\":\"ok\"}"), client.want(200, "GET", "/health", "").body());
    }
  }

  @Test
  void anUnknownRouteIsAnsweredAsJson() throws Exception {
    try (Client client = new Client(folder)) {
      Client.Reply reply = client.want(404, "GET", "/no-such-route", "");
      assertEquals("not_found", reply.body().at("/error/code").textValue());
    }
  }

  @Test
  void aWrongMethodIsAnsweredAsJsonAndNamesTheRightOnes() throws Exception {
    try (Client client = new Client(folder)) {
      Client.Reply reply = client.want(405, "DELETE", "/health", "");
      assertEquals("method_not_allowed", reply.body().at("/error/code").textValue());
      assertTrue(reply.headers().firstValue("Allow").orElse("").contains("GET"));
    }
  }

  @Test
  void theServiceEndsByItselfWhenItIsToldToStop() throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    ProcessBuilder builder =
        new ProcessBuilder(java, "-Xmx128m", "-cp", System.getProperty("java.class.path"), "app.Main");
    builder.environment().putAll(Map.of("PORT", "0", "DATABASE", folder.resolve("own.db").toString()));
    Process process = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
    try (BufferedReader output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      assertTrue(output.readLine().startsWith("listening on http://"));
      process.destroy();
      assertTrue(process.waitFor(30, TimeUnit.SECONDS));
      assertEquals(0, process.exitValue());
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void settingsComeFromTheEnvironment() {
    assertEquals(${model.port}, Config.from(Map.of()).port());
    assertEquals(4321, Config.from(Map.of("PORT", "4321")).port());
    assertEquals(Path.of("elsewhere.db"), Config.from(Map.of("DATABASE", "elsewhere.db")).database());
  }

  @Test
  void aSettingThatMakesNoSenseIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> Config.from(Map.of("PORT", "many")));
  }
${
  model.auth
    ? `
  @Test
  void productionNeedsASecret() {
    assertThrows(IllegalArgumentException.class, () -> Config.from(Map.of("APP_ENV", "production")));
    String secret = "0123456789abcdef0123456789abcdef";
    assertEquals(secret, Config.from(Map.of("APP_ENV", "production", "JWT_SECRET", secret)).jwtSecret());
  }
`
    : ''
}}
`;

const authTests = ({ login, path, tokenSeconds }: Auth, model: Model): string => String.raw`package app;

import static app.Client.CREDENTIALS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import app.storage.Database;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuthTest {
  @TempDir Path folder;
  private Client client;

  @BeforeEach
  void start() {
    client = new Client(folder);
  }

  @AfterEach
  void stop() {
    client.close();
  }

  @Test
  void registeringCreatesAnAccountAndHidesThePassword() throws Exception {
    Client.Reply reply = client.want(201, "POST", "${path}/register", CREDENTIALS);
    assertEquals(
        Client.parse(${javaText(JSON.stringify({ id: 1, [login]: accountName({ login, path, tokenSeconds }) }))}), reply.body());
  }

  @Test
  void aPasswordIsStoredAsASaltedHash() throws Exception {
    client.want(201, "POST", "${path}/register", CREDENTIALS);
    try (Database database = Database.open(Client.config(folder).database())) {
      Object stored = database.query("SELECT password_hash FROM auth_accounts", List.of()).get(0).get("password_hash");
      assertTrue(stored.toString().matches("pbkdf2-sha256:\\d+:[0-9a-f]{32}:[0-9a-f]{64}"));
    }
  }

  @Test
  void registeringRefusesASecondAccountOfTheSameName() throws Exception {
    client.want(201, "POST", "${path}/register", CREDENTIALS);
    client.want(409, "POST", "${path}/register", CREDENTIALS);
  }

  @Test
  void registeringRefusesAShortPassword() throws Exception {
    String body = CREDENTIALS.replace("${password}", "short");
    Client.Reply reply = client.want(${model.invalidStatus}, "POST", "${path}/register", body);
    assertTrue(reply.wrongFields().has("password"));
  }

  @Test
  void aLoginGivesATokenThatIsAccepted() throws Exception {
    Client.Reply reply = client.logIn().want(200, "GET", "${path}/me", "");
    assertEquals("${accountName({ login, path, tokenSeconds })}", reply.body().get("${login}").textValue());
  }

  @Test
  void aLoginRefusesAWrongPasswordAndAnUnknownAccount() throws Exception {
    client.want(401, "POST", "${path}/login", CREDENTIALS);
    client.want(201, "POST", "${path}/register", CREDENTIALS);
    String wrong = CREDENTIALS.replace("${password}", "wrong horse battery");
    Client.Reply reply = client.want(401, "POST", "${path}/login", wrong);
    assertEquals("Bearer", reply.headers().firstValue("WWW-Authenticate").orElse(""));
  }

  @Test
  void aRequestWithoutAValidTokenIsRefused() throws Exception {
    String token = client.logIn().token();
    String none = Base64.getUrlEncoder().encodeToString("{\"alg\":\"none\"}".getBytes(StandardCharsets.UTF_8));
    for (String wrong : List.of("", "nonsense", token + "x", none + "." + token.split("\\.")[1] + ".")) {
      client.token(wrong);
      client.want(401, "GET", "${path}/me", "");
    }
  }

  @Test
  void aTokenOfAnotherSecretIsRefused() throws Exception {
    client.logIn();
    Config config = Client.config(folder);
    client.restart(new Config(config.host(), 0, config.database(), "another secret", config.jwtLifetime(), 1000));
    client.want(401, "GET", "${path}/me", "");
  }

  @Test
  void anExpiredTokenIsRefused() throws Exception {
    Config config = Client.config(folder);
    client.restart(new Config(config.host(), 0, config.database(), config.jwtSecret(), Duration.ZERO, 1000));
    assertFalse(client.logIn().token().isEmpty());
    client.want(401, "GET", "${path}/me", "");
  }
}
`;
