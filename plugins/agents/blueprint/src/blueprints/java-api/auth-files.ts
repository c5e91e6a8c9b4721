import type { Auth, Model, ProjectFile } from '../../model/model.ts';

/** Accounts with hashed passwords, and JSON Web Tokens that show who is asking. */
export function authFiles({ auth }: Model): ProjectFile[] {
  if (!auth) return [];
  const folder = 'src/main/java/app/auth';
  return [
    { path: `${folder}/Account.java`, content: account(auth) },
    { path: `${folder}/Passwords.java`, content: passwords },
    { path: `${folder}/Accounts.java`, content: accounts(auth) },
    { path: `${folder}/Tokens.java`, content: tokens },
    { path: `${folder}/AuthRoutes.java`, content: routes(auth) },
  ];
}

const account = ({ login }: Auth): string => `package app.auth;

/** Somebody who can log in. */
public record Account(long id, String ${login}) {}
`;

const passwords = String.raw`package app.auth;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/** Salted hashes of passwords: 'pbkdf2-sha256:rounds:salt:key'. The rounds are in them, so that they can grow. */
final class Passwords {
  private static final int SALT_BYTES = 16;
  private static final int KEY_BITS = 256;
  private static final HexFormat HEX = HexFormat.of();
  private static final SecureRandom RANDOM = new SecureRandom();

  private Passwords() {}

  static String hash(String password, int rounds) {
    byte[] salt = new byte[SALT_BYTES];
    RANDOM.nextBytes(salt);
    byte[] key = derive(password, salt, rounds);
    return "pbkdf2-sha256:" + rounds + ":" + HEX.formatHex(salt) + ":" + HEX.formatHex(key);
  }

  static boolean matches(String password, String hash) {
    String[] parts = hash.split(":");
    byte[] key = derive(password, HEX.parseHex(parts[2]), Integer.parseInt(parts[1]));
    return MessageDigest.isEqual(key, HEX.parseHex(parts[3]));
  }

  private static byte[] derive(String password, byte[] salt, int rounds) {
    try {
      PBEKeySpec spec = new PBEKeySpec(password.toCharArray(), salt, rounds, KEY_BITS);
      return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec).getEncoded();
    } catch (GeneralSecurityException error) {
      throw new IllegalStateException(error);
    }
  }
}
`;

const accounts = ({ login }: Auth): string => String.raw`package app.auth;

import app.http.ApiException;
import app.storage.Database;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Accounts: stored with a salted hash, never with the password. */
public final class Accounts {
  private final Database database;
  private final int rounds;
  private String nobodysHash;

  /** New passwords are hashed in so many rounds. */
  public Accounts(Database database, int rounds) {
    this.database = database;
    this.rounds = rounds;
  }

  public Account create(String ${login}, String password) throws SQLException {
    String sql = "INSERT INTO auth_accounts (${login}, password_hash) VALUES (?, ?)";
    String hash = Passwords.hash(password, rounds);
    try {
      return new Account(database.insert(sql, List.of(${login}, hash)), ${login});
    } catch (SQLException error) {
      if (!String.valueOf(error.getMessage()).contains("UNIQUE constraint failed")) {
        throw error;
      }
      throw ApiException.conflict("This ${login} is registered already.", Map.of());
    }
  }

  /** The account that ${login} and password belong to. */
  public Optional<Account> verify(String ${login}, String password) throws SQLException {
    String sql = "SELECT * FROM auth_accounts WHERE ${login} = ?";
    Optional<Map<String, Object>> row = database.query(sql, List.of(${login})).stream().findFirst();
    String hash = row.map(found -> (String) found.get("password_hash")).orElseGet(this::nobodysHash);
    boolean matches = Passwords.matches(password, hash);
    return matches ? row.map(Accounts::shown) : Optional.empty();
  }

  public Optional<Account> find(long id) throws SQLException {
    String sql = "SELECT * FROM auth_accounts WHERE id = ?";
    return database.query(sql, List.of(id)).stream().findFirst().map(Accounts::shown);
  }

  /** An unknown ${login} costs as much time as a wrong password, and so tells nothing. */
  private synchronized String nobodysHash() {
    if (nobodysHash == null) {
      nobodysHash = Passwords.hash("nobody", rounds);
    }
    return nobodysHash;
  }

  private static Account shown(Map<String, Object> row) {
    return new Account(((Number) row.get("id")).longValue(), (String) row.get("${login}"));
  }
}
`;

const tokens = String.raw`package app.auth;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import com.auth0.jwt.exceptions.JWTVerificationException;
import com.auth0.jwt.interfaces.DecodedJWT;
import com.auth0.jwt.interfaces.JWTVerifier;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** JSON Web Tokens, signed with HMAC-SHA256. */
public final class Tokens {
  private final Algorithm algorithm;
  private final JWTVerifier verifier;
  private final Duration lifetime;
  private final Accounts accounts;

  public Tokens(String secret, Duration lifetime, Accounts accounts) {
    algorithm = Algorithm.HMAC256(secret);
    verifier = JWT.require(algorithm).withClaimPresence("sub").withClaimPresence("exp").build();
    this.lifetime = lifetime;
    this.accounts = accounts;
  }

  public Duration lifetime() {
    return lifetime;
  }

  public String issue(Account account) {
    Instant now = Instant.now();
    return JWT.create()
        .withSubject(String.valueOf(account.id()))
        .withIssuedAt(now)
        .withExpiresAt(now.plus(lifetime))
        .sign(algorithm);
  }

  /** Whose token it is; nobody's when it is not valid, has expired, or its account is gone. */
  public Optional<Account> accountOf(String token) throws SQLException {
    try {
      DecodedJWT claims = verifier.verify(token);
      // The library lets the second pass in which a token expires.
      boolean fresh = claims.getExpiresAtAsInstant().isAfter(Instant.now());
      return fresh ? accounts.find(Long.parseLong(claims.getSubject())) : Optional.empty();
    } catch (JWTVerificationException | NumberFormatException error) {
      return Optional.empty();
    }
  }
}
`;

const routes = ({ login, path }: Auth): string => {
  const isEmail = login === 'email';
  return String.raw`package app.auth;

import app.http.ApiException;
import app.http.Body;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.Javalin;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.util.LinkedHashMap;
${isEmail ? 'import java.util.Locale;\n' : ''}import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Registering, logging in, and asking who one is. */
public final class AuthRoutes {
  private static final int SHORTEST_PASSWORD = 8;
  private static final int LONGEST_PASSWORD = 128;
  private static final Pattern BEARER = Pattern.compile("(?i)Bearer +(\\S+)");
${isEmail ? '  private static final Pattern EMAIL = Pattern.compile("[^@\\\\s]+@[^@\\\\s]+\\\\.[^@\\\\s.]+");\n' : ''}
  private final Accounts accounts;
  private final Tokens tokens;

  public AuthRoutes(Accounts accounts, Tokens tokens) {
    this.accounts = accounts;
    this.tokens = tokens;
  }

  public void addTo(Javalin app) {
    app.post(
        "${path}/register",
        context -> {
          Credentials credentials = Credentials.read(Body.read(context));
          credentials.refuseBad();
          context.status(201).json(accounts.create(credentials.${login}(), credentials.password()));
        });
    app.post(
        "${path}/login",
        context -> {
          Credentials credentials = Credentials.read(Body.read(context));
          Account account =
              accounts
                  .verify(credentials.${login}(), credentials.password())
                  .orElseThrow(() -> ApiException.unauthorized("${isEmail ? 'E-mail' : 'User name'} or password is wrong."));
          context.json(
              Map.of(
                  "access_token", tokens.issue(account),
                  "token_type", "Bearer",
                  "expires_in", tokens.lifetime().toSeconds()));
        });
    app.get("${path}/me", guard(context -> context.json(accountOf(context))));
  }

  /** The same handler, for requests with a valid token alone. */
  public Handler guard(Handler handler) {
    return context -> {
      Matcher sent = BEARER.matcher(String.valueOf(context.header("Authorization")));
      if (!sent.matches()) {
        throw ApiException.unauthorized("Send a token: 'Authorization: Bearer <token>'.");
      }
      Account account =
          tokens
              .accountOf(sent.group(1))
              .orElseThrow(() -> ApiException.unauthorized("The token is not valid or has expired."));
      context.attribute("account", account);
      handler.handle(context);
    };
  }

  private static Account accountOf(Context context) {
    return context.attribute("account");
  }

  private record Credentials(String ${login}, String password) {
    static Credentials read(ObjectNode body) {
      Map<String, String> problems = new LinkedHashMap<>();
      String ${login} = text(body, "${login}", problems).strip()${isEmail ? '.toLowerCase(Locale.ROOT)' : ''};
      String password = text(body, "password", problems);
      if (!problems.isEmpty()) {
        throw ApiException.invalidInput(problems);
      }
      return new Credentials(${login}, password);
    }

    void refuseBad() {
      Map<String, String> problems = new LinkedHashMap<>();
${
  isEmail
    ? `      if (email.length() > 254 || !EMAIL.matcher(email).matches()) {
        problems.put("email", "must be an e-mail address");
      }`
    : `      if (username.length() < 3 || username.length() > 50) {
        problems.put("username", "must have 3 to 50 characters");
      }`
}
      if (password.length() < SHORTEST_PASSWORD || password.length() > LONGEST_PASSWORD) {
        problems.put("password", "must have " + SHORTEST_PASSWORD + " to " + LONGEST_PASSWORD + " characters");
      }
      if (!problems.isEmpty()) {
        throw ApiException.invalidInput(problems);
      }
    }

    private static String text(ObjectNode body, String key, Map<String, String> problems) {
      JsonNode value = body.get(key);
      // JSON can carry half a surrogate pair, which a database cannot.
      boolean good =
          value != null
              && value.isTextual()
              && value.textValue().codePoints().noneMatch(point -> point >= 0xD800 && point <= 0xDFFF);
      if (!good) {
        problems.put(key, "is required and must be a text");
        return "";
      }
      return value.textValue();
    }
  }
}
`;
};
