import { filterable } from '../../model/filterable.ts';
import { textual, type Entity, type Field, type Model } from '../../model/model.ts';
import { invalidSamples, sampleBody, textOf } from '../../model/samples.ts';
import { camel, pascal } from '../../model/words.ts';
import { goText } from './module.ts';

/** internal/api/<entities>_resource_test.go: what a client notices, through the real handler. */
export function entityTests(entity: Entity, model: Model): string {
  const parts = [
    storing(entity),
    listing(entity, model),
    changing(entity),
    refusing(entity, model),
    ...entity.fields.filter((field) => field.unique).map((field) => uniqueness(entity, field)),
    ...(model.auth ? [protection(entity)] : []),
  ];
  const text = parts.join('\n');
  const used = [
    ['net/url', 'url.'],
    ['strings', 'strings.'],
  ].filter(([, use = '']) => text.includes(use));
  const imports = ['net/http', 'testing', ...used.map(([name = '']) => name)].toSorted();
  return [head(entity, model, imports), text].join('\n');
}

const one = ({ singular }: Entity): string => pascal(singular.split('_'));
const many = ({ plural }: Entity): string => pascal(plural.split('_'));
const first = ({ singular }: Entity): string => `${camel(singular.split('_'))}First`;
const second = ({ singular }: Entity): string => `${camel(singular.split('_'))}Second`;

const head = (entity: Entity, model: Model, imports: readonly string[]): string => String.raw`package api_test

import (
${imports.map((name) => `\t"${name}"\n`).join('')})

const (
	${first(entity)}  = ${goText(JSON.stringify(sampleBody(entity, 1)))}
	${second(entity)} = ${goText(JSON.stringify(sampleBody(entity, 2)))}
)

// stored${many(entity)} gives a client and the two ${entity.labels} that it stored.
func stored${many(entity)}(t *testing.T) (c *client, first, second object) {
	t.Helper()
	c = newClient(t)${model.auth ? '.logIn()' : ''}
	first = c.want(http.StatusCreated, "POST", "${entity.path}", ${first(entity)}).body
	second = c.want(http.StatusCreated, "POST", "${entity.path}", ${second(entity)}).body
	return c, first, second
}
`;

const storing = (entity: Entity): string => String.raw`func TestCreate${one(entity)}AnswersWhatWasStored(t *testing.T) {
	c, first, _ := stored${many(entity)}(t)
	wantEqual(t, first, with(parse(t, ${first(entity)}), "id", 1.0))
	wantEqual(t, c.want(http.StatusOK, "GET", "${entity.path}/1", "").body, first)
}

func Test${many(entity)}SurviveARestart(t *testing.T) {
	c, first, second := stored${many(entity)}(t)
	c.restart()
	wantEqual(t, c.want(http.StatusOK, "GET", "${entity.path}", "").body["items"], []any{first, second})
}

func TestAnUnknown${one(entity)}IsNotFound(t *testing.T) {
	c, _, _ := stored${many(entity)}(t)
	for _, id := range []string{"987654321", "1000000000000000000000000000000", "none"} {
		wantEqual(t, c.want(http.StatusNotFound, "GET", "${entity.path}/"+id, "").errorCode(), "not_found")
		c.want(http.StatusNotFound, "PUT", "${entity.path}/"+id, ${second(entity)})
		c.want(http.StatusNotFound, "PATCH", "${entity.path}/"+id, "{}")
		c.want(http.StatusNotFound, "DELETE", "${entity.path}/"+id, "")
	}
}
`;

function listing(entity: Entity, model: Model): string {
  const { path, fields } = entity;
  const filter = filterable(fields);
  const searched = fields.find((field) => textual.includes(field.type) && filterable([field]));
  const text = (field: Field): string => goText(textOf(sampleBody(entity, 1)[field.key] ?? ''));
  const pages = String.raw`func TestList${many(entity)}InPages(t *testing.T) {
	c, _, second := stored${many(entity)}(t)
	found := c.want(http.StatusOK, "GET", "${path}?limit=1&offset=1", "")
	wantEqual(t, found.body, object{"items": []any{second}, "total": 2.0, "limit": 1.0, "offset": 1.0})
}
`;
  const order = filter
    ? String.raw`
func TestList${many(entity)}InOrder(t *testing.T) {
	c, _, _ := stored${many(entity)}(t)
	upwards := c.want(http.StatusOK, "GET", "${path}?sort=${filter.key}", "").body["items"].([]any)
	downwards := c.want(http.StatusOK, "GET", "${path}?sort=-${filter.key}", "").body["items"].([]any)
	wantEqual(t, downwards, []any{upwards[1], upwards[0]})
}

func TestList${many(entity)}ByField(t *testing.T) {
	c, first, _ := stored${many(entity)}(t)
	found := c.want(http.StatusOK, "GET", "${path}?${filter.key}="+url.QueryEscape(${text(filter)}), "")
	wantEqual(t, found.body["items"], []any{first})
}
`
    : '';
  const search = searched
    ? String.raw`
func TestSearch${many(entity)}(t *testing.T) {
	c, first, _ := stored${many(entity)}(t)
	found := c.want(http.StatusOK, "GET", "${path}?q="+url.QueryEscape(${text(searched)}), "")
	wantEqual(t, found.body["items"], []any{first})
}
`
    : '';
  return String.raw`${pages}${order}${search}
func TestList${many(entity)}RefusesAnUnknownQuery(t *testing.T) {
	c, _, _ := stored${many(entity)}(t)
	for _, query := range []string{"limit=many", "offset=-1", "sort=nothing", "nothing=1"} {
		c.want(${model.invalidStatus}, "GET", "${path}?"+query, "")
	}
}
`;
}

function changing(entity: Entity): string {
  const { path, fields } = entity;
  const key = JSON.stringify(fields[0]?.key ?? '');
  return String.raw`func TestReplace${one(entity)}(t *testing.T) {
	c, _, second := stored${many(entity)}(t)
	c.want(http.StatusNoContent, "DELETE", "${path}/2", "")
	found := c.want(http.StatusOK, "PUT", "${path}/1", ${second(entity)})
	wantEqual(t, found.body, with(second, "id", 1.0))
	wantEqual(t, c.want(http.StatusOK, "GET", "${path}/1", "").body, found.body)
}

func TestChange${one(entity)}KeepsWhatIsNotNamed(t *testing.T) {
	c, first, second := stored${many(entity)}(t)
	c.want(http.StatusNoContent, "DELETE", "${path}/2", "")
	found := c.want(http.StatusOK, "PATCH", "${path}/1", spell(t, object{${key}: second[${key}]}))
	wantEqual(t, found.body, with(first, ${key}, second[${key}]))
}

func TestDelete${one(entity)}(t *testing.T) {
	c, _, _ := stored${many(entity)}(t)
	c.want(http.StatusNoContent, "DELETE", "${path}/1", "")
	c.want(http.StatusNotFound, "GET", "${path}/1", "")
	c.want(http.StatusOK, "GET", "${path}/2", "")
}
`;
}

function refusing(entity: Entity, model: Model): string {
  const { path, fields } = entity;
  const cases = fields.flatMap((field) =>
    invalidSamples(field).map(({ value }) => `\t\t{${JSON.stringify(field.key)}, ${invalidValue(value)}},\n`),
  );
  const required = fields.filter((field) => field.required).map((field) => JSON.stringify(field.key));
  const needed = String.raw`
func Test${one(entity)}NeedsItsRequiredFields(t *testing.T) {
	c, _, _ := stored${many(entity)}(t)
	for _, key := range []string{${required.join(', ')}} {
		body := parse(t, ${first(entity)})
		delete(body, key)
		found := c.want(${model.invalidStatus}, "POST", "${path}", spell(t, body))
		wantEqual(t, found.wrongFields(), object{key: "is required"})
	}
}
`;
  return String.raw`func TestAnInvalid${one(entity)}IsRefused(t *testing.T) {
	c, _, _ := stored${many(entity)}(t)
	for _, wrong := range []struct {
		key   string
		value any
	}{
${cases.join('')}	} {
		body := with(parse(t, ${first(entity)}), wrong.key, wrong.value)
		found := c.want(${model.invalidStatus}, "POST", "${path}", spell(t, body))
		if fields := found.wrongFields(); len(fields) != 1 || fields[wrong.key] == nil {
			t.Errorf("%s: %v is wrong by %v", wrong.key, wrong.value, fields)
		}
	}
	wantEqual(t, c.want(http.StatusOK, "GET", "${path}", "").body["total"], 2.0)
}
${required.length > 0 ? needed : ''}
func TestAnUnknownFieldOf${one(entity)}IsRefused(t *testing.T) {
	c, _, _ := stored${many(entity)}(t)
	body := with(parse(t, ${first(entity)}), "no_such_field", 1)
	c.want(${model.invalidStatus}, "POST", "${path}", spell(t, body))
}

func TestABodyThatIsNo${one(entity)}IsRefused(t *testing.T) {
	c, _, _ := stored${many(entity)}(t)
	for _, body := range []string{"", "{", "{} {}", "[]", "\"text\"", "null"} {
		c.want(http.StatusBadRequest, "POST", "${path}", body)
	}
}
`;
}

/** Texts are the only invalid samples that can be long; lists and objects are none of them. */
function invalidValue(value: unknown): string {
  const letters = typeof value === 'string' && /^x{30,}$/.test(value) ? value.length : 0;
  return letters > 0 ? `strings.Repeat("x", ${letters})` : JSON.stringify(value);
}

const uniqueness = (entity: Entity, field: Field): string => {
  const key = JSON.stringify(field.key);
  return String.raw`func Test${pascal(field.name.split('_'))}Of${one(entity)}IsUnique(t *testing.T) {
	c, first, second := stored${many(entity)}(t)
	body := with(second, ${key}, first[${key}])
	delete(body, "id")
	found := c.want(http.StatusConflict, "PUT", "${entity.path}/2", spell(t, body))
	wantEqual(t, found.wrongFields(), object{${key}: "must be unique"})
	c.want(http.StatusNoContent, "DELETE", "${entity.path}/1", "")
	c.want(http.StatusOK, "PUT", "${entity.path}/2", spell(t, body))
}
`;
};

const protection = (entity: Entity): string => String.raw`func Test${many(entity)}NeedAToken(t *testing.T) {
	c, _, _ := stored${many(entity)}(t)
	c.token = ""
	c.want(http.StatusUnauthorized, "GET", "${entity.path}", "")
	c.want(http.StatusUnauthorized, "POST", "${entity.path}", ${first(entity)})
	for _, method := range []string{"GET", "PUT", "PATCH", "DELETE"} {
		c.want(http.StatusUnauthorized, method, "${entity.path}/1", "{}")
	}
}
`;
