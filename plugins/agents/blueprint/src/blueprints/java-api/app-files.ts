import type { Auth, Entity, Model, ProjectFile } from '../../model/model.ts';
import { apiException, body, errors, resource } from './http-files.ts';
import { fieldCall, resourceClass } from './java.ts';

/** Start, configuration, routes and errors. */
export function appFiles(model: Model): ProjectFile[] {
  const folder = 'src/main/java/app';
  return [
    { path: `${folder}/Main.java`, content: main },
    { path: `${folder}/Config.java`, content: config(model) },
    { path: `${folder}/Service.java`, content: service(model) },
    { path: `${folder}/http/ApiException.java`, content: apiException(model) },
    { path: `${folder}/http/Errors.java`, content: errors },
    ...(model.auth || model.entities.length > 0 ? [{ path: `${folder}/http/Body.java`, content: body }] : []),
    ...(model.entities.length > 0 ? [{ path: `${folder}/http/Resource.java`, content: resource(model) }] : []),
    ...model.entities.map((entity) => ({
      path: `${folder}/resources/${resourceClass(entity)}.java`,
      content: definition(entity, model),
    })),
  ];
}

const main = String.raw`package app;

/** Starts the service; SIGTERM stops it after it has answered what it is working on. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    Service service = new Service(Config.from(System.getenv()));
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  service.close();
                  // A stop that was asked for is no failure: without this the JVM ends with 143.
                  Runtime.getRuntime().halt(0);
                }));
    service.start();
    System.out.println("listening on " + service.address());
  }
}
`;

function config(model: Model): string {
  const { auth } = model;
  return String.raw`package app;

import java.nio.file.Path;
${auth ? 'import java.security.SecureRandom;\nimport java.time.Duration;\nimport java.util.HexFormat;\n' : ''}import java.util.Map;

/** Settings of one service. */
public record Config(String host, int port, Path database${auth ? ', String jwtSecret, Duration jwtLifetime, int passwordRounds' : ''}) {
${auth ? '  private static final int SHORTEST_SECRET = 32;\n\n  /** What OWASP advises for PBKDF2 with SHA-256; tests take fewer. */\n  private static final int PASSWORD_ROUNDS = 600_000;\n\n' : ''}  /** Reads the settings once at the start; throws when one makes no sense. */
  public static Config from(Map<String, String> env) {
    return new Config(
        env.getOrDefault("HOST", "127.0.0.1"),
        whole(env, "PORT", ${model.port}),
        Path.of(env.getOrDefault("DATABASE", "data/app.db"))${auth ? configAuth(auth) : ''});
  }

  private static int whole(Map<String, String> env, String name, int fallback) {
    String text = env.getOrDefault(name, String.valueOf(fallback));
    if (!text.matches("\\d{1,9}")) {
      throw new IllegalArgumentException(name + " must be a whole number, not '" + text + "'.");
    }
    return Integer.parseInt(text);
  }
${auth ? configSecret : ''}}
`;
}

const configAuth = (auth: Auth): string => `,
        secret(env),
        Duration.ofSeconds(whole(env, "JWT_SECONDS", ${auth.tokenSeconds})),
        PASSWORD_ROUNDS`;

const configSecret = String.raw`
  private static String secret(Map<String, String> env) {
    String secret = env.getOrDefault("JWT_SECRET", "");
    if ("production".equals(env.get("APP_ENV")) && secret.length() < SHORTEST_SECRET) {
      throw new IllegalArgumentException(
          "Set JWT_SECRET to at least " + SHORTEST_SECRET + " characters in production.");
    }
    if (!secret.isEmpty()) {
      return secret;
    }
    // Each process makes up its own: tokens then end with it.
    byte[] random = new byte[SHORTEST_SECRET];
    new SecureRandom().nextBytes(random);
    return HexFormat.of().formatHex(random);
  }
`;

function service(model: Model): string {
  const { auth, entities } = model;
  const imports = [
    ...(auth ? ['app.auth.Accounts', 'app.auth.AuthRoutes', 'app.auth.Tokens'] : []),
    'app.http.Errors',
    ...entities.map((entity) => `app.resources.${resourceClass(entity)}`),
    'app.storage.Database',
    'io.javalin.Javalin',
    'java.util.List',
    'java.util.Map',
  ].toSorted();
  const accounts = auth
    ? `    Accounts accounts = new Accounts(database, config.passwordRounds());
    AuthRoutes routes = new AuthRoutes(accounts, new Tokens(config.jwtSecret(), config.jwtLifetime(), accounts));
    routes.addTo(app);
`
    : '';
  const resources = entities
    .map((entity) => `    ${resourceClass(entity)}.resource(database).addTo(app${auth ? ', routes::guard' : ''});\n`)
    .join('');
  return String.raw`package app;

${imports.map((name) => `import ${name};\n`).join('')}
/** The service with its database; tests make one of their own. */
public final class Service implements AutoCloseable {
  /** Longest time that requests get to end when the service stops. */
  private static final int STOP_MILLIS = 10_000;

  private static final long LARGEST_BODY = 1 << 20;

  private final Config config;
  private final Database database;
  private final Javalin app;

  public Service(Config config) {
    this.config = config;
    database = Database.open(config.database());
    app =
        Javalin.create(
            settings -> {
              settings.showJavalinBanner = false;
              settings.http.prefer405over404 = true;
              settings.http.maxRequestSize = LARGEST_BODY;
              settings.jetty.modifyServer(server -> server.setStopTimeout(STOP_MILLIS));
            });
    Errors.addTo(app);
    // Tells load balancers and monitors that the service answers.
    app.get(
        "/health",
        context -> {
          database.query("SELECT 1", List.of());
          context.json(Map.of("status", "ok"));
        });
${accounts}${resources}  }

  public void start() {
    app.start(config.host(), config.port());
  }

  public String address() {
    return "http://" + config.host() + ":" + app.port();
  }

  @Override
  public void close() {
    app.stop();
    database.close();
  }
}
`;
}

const definition = (entity: Entity, _model: Model): string => {
  const fields = entity.fields.map((field) => `          ${fieldCall(field)}`).join(',\n');
  return String.raw`package app.resources;

import app.http.Resource;
import app.storage.Database;
import app.storage.Field;
import app.storage.Kinds;
import app.storage.Repository;
import app.storage.Schema;

/** What is kept of ${entity.labels}, and where they are served. */
public final class ${resourceClass(entity)} {
  private static final Schema SCHEMA =
      new Schema(
${fields});

  private ${resourceClass(entity)}() {}

  public static Resource resource(Database database) {
    return new Resource("${entity.path}", SCHEMA, new Repository(database, "${entity.plural}", SCHEMA));
  }
}
`;
};
