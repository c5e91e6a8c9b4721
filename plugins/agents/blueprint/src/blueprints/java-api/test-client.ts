import type { Model } from '../../model/model.ts';
import { accountName, password } from '../flask-api/test-files.ts';
import { javaText } from './java.ts';

export const client = (model: Model): string => String.raw`package app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
${model.auth ? 'import java.time.Duration;\n' : ''}import java.util.ArrayList;
import java.util.List;

/** Talks to a service of its own. */
public final class Client implements AutoCloseable {
  public static final ObjectMapper JSON = new ObjectMapper();
${model.auth ? `\n  public static final String CREDENTIALS =\n      ${javaText(JSON.stringify({ [model.auth.login]: accountName(model.auth), password }))};\n` : ''}
  /** An answer; its body is a missing node where it has none. */
  public record Reply(int status, HttpHeaders headers, JsonNode body) {
    public JsonNode wrongFields() {
      return body.at("/error/fields");
    }
  }

  private final HttpClient http = HttpClient.newHttpClient();
  private final Path folder;
  private Service service;
  private String token = "";

  public Client(Path folder) {
    this.folder = folder;
    start(config(folder));
  }

  public static Config config(Path folder) {
    return new Config("127.0.0.1", 0, folder.resolve("test.db")${model.auth ? ', "a secret for tests", Duration.ofMinutes(1), 1000' : ''});
  }

  /** Ends the service and begins anew on the same data. */
  public void restart(Config config) {
    service.close();
    start(config);
  }

  public void restart() {
    restart(config(folder));
  }

  private void start(Config config) {
    service = new Service(config);
    service.start();
  }
${
  model.auth
    ? `
  public String token() {
    return token;
  }

  /** Sent with every request; empty sends none. */
  public void token(String value) {
    token = value;
  }

  /** Registers, logs in, and sends the token from now on. */
  public Client logIn() throws IOException, InterruptedException {
    want(201, "POST", "${model.auth.path}/register", CREDENTIALS);
    token = want(200, "POST", "${model.auth.path}/login", CREDENTIALS).body().get("access_token").textValue();
    return this;
  }
`
    : ''
}
  public Reply send(String method, String path, String body) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(service.address() + path)).method(method, BodyPublishers.ofString(body));
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
    return new Reply(response.statusCode(), response.headers(), JSON.readTree(response.body()));
  }

  /** Sends a request whose answer must have a status. */
  public Reply want(int status, String method, String path, String body) throws IOException, InterruptedException {
    Reply reply = send(method, path, body);
    assertEquals(status, reply.status(), () -> method + " " + path + ": " + reply.body());
    return reply;
  }

  /** The keys of an object, in their order. */
  public static List<String> keys(JsonNode object) {
    List<String> keys = new ArrayList<>();
    object.fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  public static ObjectNode parse(String text) throws IOException {
    return (ObjectNode) JSON.readTree(text);
  }

  @Override
  public void close() {
    service.close();
  }
}
`;
