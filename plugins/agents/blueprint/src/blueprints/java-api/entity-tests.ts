import { filterable } from '../../model/filterable.ts';
import { textual, type Entity, type Field, type Model } from '../../model/model.ts';
import { invalidSamples, sampleBody, textOf, type Json } from '../../model/samples.ts';
import { pascal } from '../../model/words.ts';
import { javaText, resourceClass } from './java.ts';

export const testClass = (entity: Entity): string => `${resourceClass(entity)}Test`;

/** src/test/java/app/resources/<Entities>ResourceTest.java: what a client notices, through the real service. */
export function entityTests(entity: Entity, model: Model): string {
  const parts = [
    storing(entity),
    listing(entity, model),
    changing(entity),
    refusing(entity, model),
    ...entity.fields.filter((field) => field.unique).map((field) => uniqueness(entity, field)),
    ...(model.auth ? [protection(entity)] : []),
  ];
  const tests = parts.join('\n');
  return `${head(entity, model, tests)}${tests}}\n`;
}

function head(entity: Entity, model: Model, tests: string): string {
  const used = [
    ['java.net.URLEncoder', 'URLEncoder'],
    ['java.nio.charset.StandardCharsets', 'StandardCharsets'],
    ['com.fasterxml.jackson.databind.node.ObjectNode', ''],
    ['java.nio.file.Path', ''],
    ['java.util.List', ''],
    ['com.fasterxml.jackson.databind.JsonNode', ''],
    ['app.Client', ''],
    ['org.junit.jupiter.api.AfterEach', ''],
    ['org.junit.jupiter.api.BeforeEach', ''],
    ['org.junit.jupiter.api.Test', ''],
    ['org.junit.jupiter.api.io.TempDir', ''],
  ].filter(([, use = '']) => tests.includes(use));
  return String.raw`package app.resources;

import static org.junit.jupiter.api.Assertions.assertEquals;

${used
  .map(([name = '']) => `import ${name};\n`)
  .toSorted()
  .join('')}
class ${testClass(entity)} {
  private static final String PATH = "${entity.path}";
  private static final String FIRST =
      ${javaText(JSON.stringify(sampleBody(entity, 1)))};
  private static final String SECOND =
      ${javaText(JSON.stringify(sampleBody(entity, 2)))};

  @TempDir Path folder;
  private Client client;
  private JsonNode first;
  private JsonNode second;

  @BeforeEach
  void storeTwo() throws Exception {
    client = new Client(folder)${model.auth ? '.logIn()' : ''};
    first = client.want(201, "POST", PATH, FIRST).body();
    second = client.want(201, "POST", PATH, SECOND).body();
  }

  @AfterEach
  void stop() {
    client.close();
  }

  /** A body with one more value, or another one; null takes it away. */
  private static String with(String body, String key, String value) throws Exception {
    ObjectNode changed = Client.parse(body);
    changed.remove(key);
    if (value != null) {
      changed.set(key, Client.JSON.readTree(value));
    }
    return changed.toString();
  }

`;
}

const name = ({ singular }: Entity): string => pascal(singular.split('_'));
const names = ({ plural }: Entity): string => pascal(plural.split('_'));

const storing = (entity: Entity): string => String.raw`  @Test
  void create${name(entity)}AnswersWhatWasStored() throws Exception {
    assertEquals(Client.parse(with(FIRST, "id", "1")), Client.parse(first.toString()));
    assertEquals(first, client.want(200, "GET", PATH + "/1", "").body());
  }

  @Test
  void ${plain(entity)}SurviveARestart() throws Exception {
    client.restart();
    JsonNode items = client.want(200, "GET", PATH, "").body().get("items");
    assertEquals(List.of(first, second), List.of(items.get(0), items.get(1)));
  }

  @Test
  void anUnknown${name(entity)}IsNotFound() throws Exception {
    for (String id : List.of("987654321", "1000000000000000000000000000000", "none")) {
      client.want(404, "GET", PATH + "/" + id, "");
      client.want(404, "PUT", PATH + "/" + id, SECOND);
      client.want(404, "PATCH", PATH + "/" + id, "{}");
      client.want(404, "DELETE", PATH + "/" + id, "");
    }
  }
`;

const plain = (entity: Entity): string => `the${names(entity)}`;

function listing(entity: Entity, model: Model): string {
  const filter = filterable(entity.fields);
  const searched = entity.fields.find((field) => textual.includes(field.type) && filterable([field]));
  const text = (field: Field): string =>
    `URLEncoder.encode(${javaText(textOf(sampleBody(entity, 1)[field.key] ?? ''))}, StandardCharsets.UTF_8)`;
  const order = filter
    ? String.raw`
  @Test
  void list${names(entity)}InOrder() throws Exception {
    JsonNode upwards = client.want(200, "GET", PATH + "?sort=${filter.key}", "").body().get("items");
    JsonNode downwards = client.want(200, "GET", PATH + "?sort=-${filter.key}", "").body().get("items");
    assertEquals(List.of(upwards.get(1), upwards.get(0)), List.of(downwards.get(0), downwards.get(1)));
  }

  @Test
  void list${names(entity)}ByField() throws Exception {
    String value = ${text(filter)};
    JsonNode found = client.want(200, "GET", PATH + "?${filter.key}=" + value, "").body();
    assertEquals(1, found.get("total").intValue());
    assertEquals(first, found.at("/items/0"));
  }
`
    : '';
  const search = searched
    ? String.raw`
  @Test
  void search${names(entity)}() throws Exception {
    String value = ${text(searched)};
    JsonNode found = client.want(200, "GET", PATH + "?q=" + value, "").body();
    assertEquals(1, found.get("total").intValue());
    assertEquals(first, found.at("/items/0"));
  }
`
    : '';
  return String.raw`  @Test
  void list${names(entity)}InPages() throws Exception {
    JsonNode page = client.want(200, "GET", PATH + "?limit=1&offset=1", "").body();
    assertEquals(second, page.at("/items/0"));
    assertEquals(2, page.get("total").intValue());
    assertEquals(1, page.get("items").size());
  }
${order}${search}
  @Test
  void list${names(entity)}RefusesAnUnknownQuery() throws Exception {
    for (String query : List.of("limit=many", "offset=-1", "sort=nothing", "nothing=1")) {
      client.want(${model.invalidStatus}, "GET", PATH + "?" + query, "");
    }
  }
`;
}

function changing(entity: Entity): string {
  const key = entity.fields[0]?.key ?? '';
  return String.raw`  @Test
  void replace${name(entity)}() throws Exception {
    client.want(204, "DELETE", PATH + "/2", "");
    JsonNode replaced = client.want(200, "PUT", PATH + "/1", SECOND).body();
    assertEquals(Client.parse(with(second.toString(), "id", "1")), Client.parse(replaced.toString()));
    assertEquals(replaced, client.want(200, "GET", PATH + "/1", "").body());
  }

  @Test
  void change${name(entity)}KeepsWhatIsNotNamed() throws Exception {
    client.want(204, "DELETE", PATH + "/2", "");
    String value = second.get("${key}").toString();
    JsonNode changed = client.want(200, "PATCH", PATH + "/1", with("{}", "${key}", value)).body();
    assertEquals(Client.parse(with(first.toString(), "${key}", value)), Client.parse(changed.toString()));
  }

  @Test
  void delete${name(entity)}() throws Exception {
    client.want(204, "DELETE", PATH + "/1", "");
    client.want(404, "GET", PATH + "/1", "");
    client.want(200, "GET", PATH + "/2", "");
  }
`;
}

function refusing(entity: Entity, model: Model): string {
  const cases = entity.fields.flatMap((field) =>
    invalidSamples(field).map(({ value }) => `List.of("${field.key}", ${invalidValue(value)})`),
  );
  const required = entity.fields.filter((field) => field.required).map((field) => `"${field.key}"`);
  const needed = String.raw`
  @Test
  void ${name(entity).replace(/^./, (letter) => letter.toLowerCase())}NeedsItsRequiredFields() throws Exception {
    for (String key : List.of(${required.join(', ')})) {
      Client.Reply reply = client.want(${model.invalidStatus}, "POST", PATH, with(FIRST, key, null));
      assertEquals("is required", reply.wrongFields().get(key).textValue());
      assertEquals(1, reply.wrongFields().size());
    }
  }
`;
  return String.raw`  @Test
  void anInvalid${name(entity)}IsRefused() throws Exception {
    List<List<String>> wrong =
        List.of(
            ${cases.join(',\n            ')});
    for (List<String> each : wrong) {
      Client.Reply reply = client.want(${model.invalidStatus}, "POST", PATH, with(FIRST, each.get(0), each.get(1)));
      assertEquals(List.of(each.get(0)), Client.keys(reply.wrongFields()));
    }
    assertEquals(2, client.want(200, "GET", PATH, "").body().get("total").intValue());
  }
${required.length > 0 ? needed : ''}
  @Test
  void anUnknownFieldOf${name(entity)}IsRefused() throws Exception {
    client.want(${model.invalidStatus}, "POST", PATH, with(FIRST, "no_such_field", "1"));
  }

  @Test
  void aBodyThatIsNo${name(entity)}IsRefused() throws Exception {
    for (String body : List.of("", "{", "{} {}", "[]", "\"text\"", "null")) {
      client.want(400, "POST", PATH, body);
    }
  }
`;
}

/** JSON as a Java text; long runs of one letter read better as an expression. */
function invalidValue(value: Json): string {
  const letters = typeof value === 'string' && /^x{30,}$/.test(value) ? value.length : 0;
  return letters > 0 ? String.raw`"\"" + "x".repeat(${letters}) + "\""` : javaText(JSON.stringify(value));
}

const uniqueness = (entity: Entity, field: Field): string => String.raw`  @Test
  void the${pascal(field.name.split('_'))}Of${name(entity)}IsUnique() throws Exception {
    String body = with(SECOND, "${field.key}", first.get("${field.key}").toString());
    Client.Reply reply = client.want(409, "PUT", PATH + "/2", body);
    assertEquals("must be unique", reply.wrongFields().get("${field.key}").textValue());
    client.want(204, "DELETE", PATH + "/1", "");
    client.want(200, "PUT", PATH + "/2", body);
  }
`;

const protection = (entity: Entity): string => String.raw`  @Test
  void ${plain(entity)}NeedAToken() throws Exception {
    client.token("");
    client.want(401, "GET", PATH, "");
    client.want(401, "POST", PATH, FIRST);
    for (String method : List.of("GET", "PUT", "PATCH", "DELETE")) {
      client.want(401, method, PATH + "/1", "{}");
    }
  }
`;
