/** Listing.java: what a query string asks of a list. */
export const listingClass = String.raw`package app.storage;

import app.http.ApiException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a client may ask of a list: a page, an order, filters by column, a search. */
public record Listing(
    int limit, int offset, String sort, boolean descending, String search, Map<String, Object> filters) {
  private static final int DEFAULT_LIMIT = 50;
  private static final int MAX_LIMIT = 100;
  private static final Set<String> OWN_NAMES = Set.of("limit", "offset", "sort", "q");

  /** Reads a query string; anything unknown in it is refused. */
  public static Listing read(Map<String, List<String>> query, Schema schema) {
    Map<String, String> problems = new LinkedHashMap<>();
    Map<String, Object> filters = new LinkedHashMap<>();
    query.forEach(
        (key, texts) -> {
          if (OWN_NAMES.contains(key)) {
            return;
          }
          try {
            Field field =
                schema
                    .field(key)
                    .orElseThrow(() -> new Kind.Invalid("is not a field that can be filtered by"));
            filters.put(field.column(), field.kind().encode(field.kind().fromText(texts.get(0))));
          } catch (Kind.Invalid error) {
            problems.put(key, error.getMessage());
          }
        });
    String order = first(query, "sort", "id");
    String key = order.startsWith("-") ? order.substring(1) : order;
    String column = key.equals("id") ? key : schema.field(key).map(Field::column).orElse(null);
    if (column == null) {
      problems.put("sort", "must name a field; a leading '-' turns the order around");
    }
    int limit = readWhole(query, "limit", DEFAULT_LIMIT, problems);
    int offset = readWhole(query, "offset", 0, problems);
    if (!problems.isEmpty()) {
      throw ApiException.invalidInput(problems);
    }
    int page = Math.max(1, Math.min(limit, MAX_LIMIT));
    return new Listing(page, offset, column, order.startsWith("-"), first(query, "q", ""), filters);
  }

  private static String first(Map<String, List<String>> query, String key, String fallback) {
    List<String> texts = query.getOrDefault(key, List.of());
    return texts.isEmpty() ? fallback : texts.get(0);
  }

  private static int readWhole(
      Map<String, List<String>> query, String key, int fallback, Map<String, String> problems) {
    String text = first(query, key, String.valueOf(fallback));
    if (!text.matches("\\d{1,9}")) {
      problems.put(key, "must be a whole number, 0 or greater");
      return fallback;
    }
    return Integer.parseInt(text);
  }
}
`;

/** Repository.java: one table. */
export const repositoryClass = String.raw`package app.storage;

import app.http.ApiException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Storage of one kind of thing in one table. Names in the SQL come from the schema, values are always bound. */
public final class Repository {
  /** One page, and how many there are on all pages. */
  public record Page(List<Map<String, Object>> items, long total, int limit, int offset) {}

  private static final Pattern TAKEN = Pattern.compile("UNIQUE constraint failed: \\w+\\.(\\w+)");

  private final Database database;
  private final String table;
  private final Schema schema;

  public Repository(Database database, String table, Schema schema) {
    this.database = database;
    this.table = table;
    this.schema = schema;
  }

  public Map<String, Object> create(Map<String, Object> values) throws SQLException {
    String names = values.keySet().stream().map(Repository::quoted).collect(Collectors.joining(", "));
    String marks = String.join(", ", Collections.nCopies(values.size(), "?"));
    String sql = "INSERT INTO " + quoted(table) + " (" + names + ") VALUES (" + marks + ")";
    return read(taking(() -> database.insert(sql, new ArrayList<>(values.values()))));
  }

  public Map<String, Object> read(long id) throws SQLException {
    String sql = "SELECT * FROM " + quoted(table) + " WHERE \"id\" = ?";
    return database.query(sql, List.of(id)).stream()
        .findFirst()
        .map(this::shown)
        .orElseThrow(() -> ApiException.notFound("There is nothing with id " + id + "."));
  }

  public Page list(Listing listing) throws SQLException {
    List<String> conditions = new ArrayList<>();
    List<Object> values = new ArrayList<>();
    listing
        .filters()
        .forEach(
            (column, value) -> {
              conditions.add(quoted(column) + " = ?");
              values.add(value);
            });
    if (!listing.search().isEmpty()) {
      conditions.add(searching(listing.search(), values));
    }
    String where = conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
    String from = " FROM " + quoted(table) + where;
    Object total = database.query("SELECT count(*) AS total" + from, values).get(0).get("total");
    values.add(listing.limit());
    values.add(listing.offset());
    String direction = listing.descending() ? " DESC" : " ASC";
    String order = " ORDER BY " + quoted(listing.sort()) + direction + ", \"id\" LIMIT ? OFFSET ?";
    List<Map<String, Object>> items =
        database.query("SELECT *" + from + order, values).stream().map(this::shown).toList();
    return new Page(items, ((Number) total).longValue(), listing.limit(), listing.offset());
  }

  public Map<String, Object> update(long id, Map<String, Object> changes) throws SQLException {
    read(id);
    if (!changes.isEmpty()) {
      String names =
          changes.keySet().stream().map(name -> quoted(name) + " = ?").collect(Collectors.joining(", "));
      List<Object> values = new ArrayList<>(changes.values());
      values.add(id);
      String sql = "UPDATE " + quoted(table) + " SET " + names + " WHERE \"id\" = ?";
      taking(() -> (long) database.update(sql, values));
    }
    return read(id);
  }

  public void delete(long id) throws SQLException {
    read(id);
    database.update("DELETE FROM " + quoted(table) + " WHERE \"id\" = ?", List.of(id));
  }

  private interface Write {
    long run() throws SQLException;
  }

  private long taking(Write write) throws SQLException {
    try {
      return write.run();
    } catch (SQLException error) {
      Matcher taken = TAKEN.matcher(String.valueOf(error.getMessage()));
      if (!taken.find()) {
        throw error;
      }
      Map<String, String> fields = Map.of(schema.keyOf(taken.group(1)), "must be unique");
      throw ApiException.conflict("This value is taken already.", fields);
    }
  }

  private String searching(String text, List<Object> values) {
    List<String> found = new ArrayList<>();
    for (Field field : schema.fields()) {
      if (field.kind().searchable()) {
        found.add("instr(lower(" + quoted(field.column()) + "), lower(?)) > 0");
        values.add(text);
      }
    }
    return found.isEmpty() ? "0" : "(" + String.join(" OR ", found) + ")";
  }

  private Map<String, Object> shown(Map<String, Object> row) {
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("id", row.get("id"));
    for (Field field : schema.fields()) {
      Object column = row.get(field.column());
      shown.put(field.key(), column == null ? field.kind().fallback() : field.kind().decode(column));
    }
    return shown;
  }

  private static String quoted(String name) {
    return '"' + name + '"';
  }
}
`;
