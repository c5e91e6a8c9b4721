import type { Model } from '../../model/model.ts';

export const apiException = (model: Model): string => String.raw`package app.http;

import java.util.Map;

/** An error that the client can do something about. */
public final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int status;
  private final String code;
  private final transient Map<String, String> fields;

  private ApiException(int status, String code, String message, Map<String, String> fields) {
    super(message, null, false, false);
    this.status = status;
    this.code = code;
    this.fields = fields;
  }

  public static ApiException badRequest(String message) {
    return new ApiException(400, "bad_request", message, Map.of());
  }

  /** What is wrong, by field. */
  public static ApiException invalidInput(Map<String, String> fields) {
    return new ApiException(${model.invalidStatus}, "invalid_input", "The input is not valid.", fields);
  }

  public static ApiException unauthorized(String message) {
    return new ApiException(401, "unauthorized", message, Map.of());
  }

  public static ApiException notFound(String message) {
    return new ApiException(404, "not_found", message, Map.of());
  }

  public static ApiException conflict(String message, Map<String, String> fields) {
    return new ApiException(409, "conflict", message, fields);
  }

  public int status() {
    return status;
  }

  public String code() {
    return code;
  }

  public Map<String, String> fields() {
    return fields;
  }
}
`;

export const errors = String.raw`package app.http;

import io.javalin.Javalin;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers every error as JSON, in one shape. */
public final class Errors {
  private static final Logger LOG = LoggerFactory.getLogger(Errors.class);

  private Errors() {}

  public static void addTo(Javalin app) {
    app.exception(
        ApiException.class,
        (error, context) -> {
          if (error.status() == 401) {
            context.header("WWW-Authenticate", "Bearer");
          }
          answer(context, error.status(), error.code(), error.getMessage(), error.fields());
        });
    app.exception(
        HttpResponseException.class,
        (error, context) -> {
          String allowed = error.getDetails().get("availableMethods");
          if (allowed != null) {
            context.header("Allow", allowed);
          }
          answer(context, error.getStatus(), codeOf(error.getStatus()), error.getMessage(), Map.of());
        });
    app.exception(
        Exception.class,
        (error, context) -> {
          // What went wrong inside is for the log, not for the client.
          LOG.error("{} {} failed", context.method(), context.path(), error);
          answer(context, 500, "internal_error", "Something went wrong.", Map.of());
        });
  }

  private static void answer(
      Context context, int status, String code, String message, Map<String, String> fields) {
    Map<String, Object> said = new LinkedHashMap<>();
    said.put("code", code);
    said.put("message", message);
    if (!fields.isEmpty()) {
      said.put("fields", fields);
    }
    context.status(status).json(Map.of("error", said));
  }

  private static String codeOf(int status) {
    return io.javalin.http.HttpStatus.forStatus(status).getMessage().toLowerCase(Locale.ROOT).replace(' ', '_');
  }
}
`;

export const body = String.raw`package app.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;

/** Reading of request bodies. */
public final class Body {
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

  private Body() {}

  /** The request's body, which must be a JSON object. */
  public static ObjectNode read(Context context) {
    try {
      JsonNode body = JSON.readTree(context.body());
      if (body instanceof ObjectNode object) {
        return object;
      }
    } catch (JsonProcessingException error) {
      throw ApiException.badRequest("The body is not valid JSON.");
    }
    throw ApiException.badRequest("The body must be a JSON object.");
  }
}
`;

export const resource = (model: Model): string => {
  const handler = (name: string): string => (model.auth ? `guard.apply(this::${name})` : `this::${name}`);
  return String.raw`package app.http;

import app.storage.Listing;
import app.storage.Repository;
import app.storage.Schema;
import io.javalin.Javalin;
import io.javalin.http.Context;
${model.auth ? 'import io.javalin.http.Handler;\n' : ''}import java.sql.SQLException;
import java.util.Map;
${model.auth ? 'import java.util.function.UnaryOperator;\n' : ''}
/** Routes that list, create, read, replace, change and delete one kind of thing below a path. */
public record Resource(String path, Schema schema, Repository repository) {
  public void addTo(Javalin app${model.auth ? ', UnaryOperator<Handler> guard' : ''}) {
    String single = path + "/{id}";
    app.get(path, ${handler('list')});
    app.post(path, ${handler('create')});
    app.get(single, ${handler('read')});
    app.put(single, ${handler('replace')});
    app.patch(single, ${handler('change')});
    app.delete(single, ${handler('delete')});
  }

  private void list(Context context) throws SQLException {
    context.json(repository.list(Listing.read(context.queryParamMap(), schema)));
  }

  private void create(Context context) throws SQLException {
    Map<String, Object> created = repository.create(schema.parse(Body.read(context)));
    context.status(201).header("Location", path + "/" + created.get("id")).json(created);
  }

  private void read(Context context) throws SQLException {
    context.json(repository.read(idOf(context)));
  }

  private void replace(Context context) throws SQLException {
    context.json(repository.update(idOf(context), schema.parse(Body.read(context))));
  }

  private void change(Context context) throws SQLException {
    context.json(repository.update(idOf(context), schema.parsePartial(Body.read(context))));
  }

  private void delete(Context context) throws SQLException {
    repository.delete(idOf(context));
    context.status(204);
  }

  /** The number in a path; anything else names nothing that there is. */
  private static long idOf(Context context) {
    String text = context.pathParam("id");
    if (!text.matches("\\d{1,18}")) {
      throw ApiException.notFound("There is nothing with this id.");
    }
    return Long.parseLong(text);
  }
}
`;
};
