import type { Model, ProjectFile } from '../../model/model.ts';
import { schemaSql } from '../flask-api/storage-files.ts';
import { kinds } from './kinds-module.ts';
import { listingClass, repositoryClass } from './repository-files.ts';

/** What is kept and how: a SQLite file, the fields of each thing, and what may be asked of a list. */
export function storageFiles(model: Model): ProjectFile[] {
  const folder = 'src/main/java/app/storage';
  const database = [
    { path: 'src/main/resources/schema.sql', content: schemaSql(model) },
    { path: `${folder}/Database.java`, content: databaseClass },
  ];
  if (model.entities.length === 0) return database;
  return [
    ...database,
    { path: `${folder}/Field.java`, content: fieldClass },
    { path: `${folder}/Kind.java`, content: kindClass },
    { path: `${folder}/Kinds.java`, content: kinds(model) },
    { path: `${folder}/Schema.java`, content: schemaClass },
    { path: `${folder}/Listing.java`, content: listingClass },
    { path: `${folder}/Repository.java`, content: repositoryClass },
  ];
}

const databaseClass = String.raw`package app.storage;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A SQLite file with one connection: SQLite has one writer at a time, and reads are short. */
public final class Database implements AutoCloseable {
  private final Connection connection;

  private Database(Connection connection) {
    this.connection = connection;
  }

  /** Opens the file, and makes it, its folder and the tables where they are not there. */
  public static Database open(Path file) {
    try {
      Path path = file.toAbsolutePath();
      Files.createDirectories(path.getParent());
      Connection connection = DriverManager.getConnection("jdbc:sqlite:" + path);
      try (Statement statement = connection.createStatement()) {
        statement.execute("PRAGMA journal_mode = WAL");
        statement.execute("PRAGMA busy_timeout = 10000");
        statement.execute("PRAGMA foreign_keys = ON");
        for (String table : read("/schema.sql").split(";")) {
          if (!table.isBlank()) {
            statement.execute(table);
          }
        }
      }
      return new Database(connection);
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    } catch (SQLException error) {
      throw new IllegalStateException("The database cannot be opened: " + file, error);
    }
  }

  /** Rows as columns by name. */
  public synchronized List<Map<String, Object>> query(String sql, List<?> values) throws SQLException {
    try (PreparedStatement statement = prepare(sql, values);
        ResultSet found = statement.executeQuery()) {
      List<Map<String, Object>> rows = new ArrayList<>();
      while (found.next()) {
        Map<String, Object> row = new LinkedHashMap<>();
        for (int column = 1; column <= found.getMetaData().getColumnCount(); column += 1) {
          row.put(found.getMetaData().getColumnLabel(column), found.getObject(column));
        }
        rows.add(row);
      }
      return rows;
    }
  }

  /** How many rows it changed. */
  public synchronized int update(String sql, List<?> values) throws SQLException {
    try (PreparedStatement statement = prepare(sql, values)) {
      return statement.executeUpdate();
    }
  }

  /** The id of the row that it adds. */
  public synchronized long insert(String sql, List<?> values) throws SQLException {
    update(sql, values);
    return ((Number) query("SELECT last_insert_rowid() AS id", List.of()).get(0).get("id")).longValue();
  }

  @Override
  public synchronized void close() {
    try {
      connection.close();
    } catch (SQLException error) {
      throw new IllegalStateException(error);
    }
  }

  private PreparedStatement prepare(String sql, List<?> values) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    for (int index = 0; index < values.size(); index += 1) {
      statement.setObject(index + 1, values.get(index));
    }
    return statement;
  }

  private static String read(String resource) throws IOException {
    try (InputStream stream = Database.class.getResourceAsStream(resource)) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
`;

const kindClass = String.raw`package app.storage;

import com.fasterxml.jackson.databind.JsonNode;

/** A kind of value: {@code parse} takes JSON, {@code encode} and {@code decode} are for the database. */
public interface Kind {
  /** What is wrong with one value, in words that follow the field's name. */
  final class Invalid extends RuntimeException {
    private static final long serialVersionUID = 1;

    public Invalid(String message) {
      super(message, null, false, false);
    }
  }

  /** The value that is kept; throws {@link Invalid}. */
  Object parse(JsonNode value);

  /** The value that a query string means; throws {@link Invalid}. */
  Object fromText(String text);

  /** What it is when nothing is given. */
  default Object fallback() {
    return null;
  }

  /** Whether a search looks into it. */
  default boolean searchable() {
    return false;
  }

  default Object encode(Object value) {
    return value;
  }

  default Object decode(Object column) {
    return column;
  }
}
`;

const fieldClass = String.raw`package app.storage;

/** One value of a thing: its key in JSON, its column, its kind. */
public record Field(String key, String column, boolean required, Kind kind) {
  public static Field required(String key, Kind kind) {
    return new Field(key, key, true, kind);
  }

  public static Field optional(String key, Kind kind) {
    return new Field(key, key, false, kind);
  }

  /** The same field in a column of another name. */
  public Field column(String name) {
    return new Field(key, name, required, kind);
  }
}
`;

const schemaClass = String.raw`package app.storage;

import app.http.ApiException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The fields of one kind of thing, in their order. */
public record Schema(List<Field> fields) {
  public Schema(Field... fields) {
    this(List.of(fields));
  }

  public Optional<Field> field(String key) {
    return fields.stream().filter(field -> field.key().equals(key)).findFirst();
  }

  public String keyOf(String column) {
    return fields.stream()
        .filter(field -> field.column().equals(column))
        .map(Field::key)
        .findFirst()
        .orElse(column);
  }

  /** Values for every field, by column. Throws an error that names each wrong one. */
  public Map<String, Object> parse(ObjectNode body) {
    return parse(body, false);
  }

  /** Values for the fields that are named. */
  public Map<String, Object> parsePartial(ObjectNode body) {
    return parse(body, true);
  }

  private Map<String, Object> parse(ObjectNode body, boolean partial) {
    Map<String, String> problems = new LinkedHashMap<>();
    body.fieldNames()
        .forEachRemaining(
            key -> {
              if (field(key).isEmpty()) {
                problems.put(key, "is unknown");
              }
            });
    Map<String, Object> values = new LinkedHashMap<>();
    for (Field field : fields) {
      if (partial && !body.has(field.key())) {
        continue;
      }
      try {
        values.put(field.column(), field.kind().encode(valueOf(field, body.get(field.key()))));
      } catch (Kind.Invalid error) {
        problems.put(field.key(), error.getMessage());
      }
    }
    if (!problems.isEmpty()) {
      throw ApiException.invalidInput(problems);
    }
    return values;
  }

  private static Object valueOf(Field field, JsonNode value) {
    if (value != null && !value.isNull()) {
      return field.kind().parse(value);
    }
    if (field.required()) {
      throw new Kind.Invalid("is required");
    }
    return field.kind().fallback();
  }
}
`;
