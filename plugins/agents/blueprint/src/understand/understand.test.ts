import { describe, expect, it } from 'vitest';
import { projectOf } from '../turns/project.ts';

const read = (prompt: string, requirements: readonly string[] = [], feedback: readonly string[] = []) =>
  projectOf({ prompt, requirements, feedback })?.model;

/** A model in one line: 'flask jwt | books: title!, year[1450..2100]'. '!' required, '#' unique, '=type' where it is not a string. */
function line(prompt: string, requirements: readonly string[] = [], feedback: readonly string[] = []): string {
  const project = projectOf({ prompt, requirements, feedback });
  if (!project) return 'none';
  const { model, blueprint } = project;
  const things = model.entities.map(({ path, fields }) => {
    const described = fields.map(({ key, type, required, unique, min, minOpen, max, choices }) => {
      const bounds = min === null && max === null ? '' : `[${minOpen ? '>' : ''}${min ?? ''}..${max ?? ''}]`;
      return `${key}${type === 'string' ? '' : `=${type}`}${required ? '!' : ''}${unique ? '#' : ''}${bounds}${choices.length > 0 ? `(${choices.join('|')})` : ''}`;
    });
    return `${path}: ${described.join(', ')}`;
  });
  return [`${blueprint.id.replace('-api', '')}${model.auth ? ` ${model.auth.login}` : ''}`, ...things].join(' | ');
}

const table: readonly (readonly [prompt: string, model: string])[] = [
  [
    'Build a Flask API with JWT auth for books with title, author and published year.',
    'flask email | /books: title!, author!, published_year=integer!',
  ],
  [
    'Todo items (title: string, done: boolean, due date), as a Node API',
    'node | /todo-items: title!, done=boolean, dueDate=date',
  ],
  [
    'Flask API: inventory of plants: name, latin name, price, in stock',
    'flask | /plants: name!, latin_name!, price=number!, in_stock=boolean',
  ],
  ['Build a Flask API with JWT auth', 'flask email'],
  [
    'A Node.js API for a library: books, members and loans',
    'node | /books: title!, author! | /members: name!, description=text | /loans: name!, description=text',
  ],
  ['todo API in flask', 'flask | /todos: title!, done=boolean'],
  ['REST API for books', 'flask | /books: title!, author!'],
  ['Build a Flask service that tracks mice: name, weight', 'flask | /mice: name!, weight=number!'],
  [
    'Node API: tasks with title (max 80 characters), priority (low, medium, high) and deadline',
    'node | /tasks: title![..80], priority=choice!(low|medium|high), deadline=date',
  ],
  [
    'Flask API for employees (first name, last name, salary > 0, hired on date)',
    'flask | /employees: first_name!, last_name!, salary=number![>0..], hired_on_date=date',
  ],
  [
    'Flask CRUD API for customers (name required, email unique, phone optional) and orders (number, total, status: one of new, paid, shipped)',
    'flask | /customers: name!, email=email#, phone | /orders: number!, total=number!, status=choice!(new|paid|shipped)',
  ],
  [
    'Flask API\nEntities:\n- Book: title (string, required), isbn (unique), pages (int, min 1)\n- Author: name',
    'flask | /books: title!, isbn#, pages=integer[1..] | /authors: name!',
  ],
  [
    'I need a TypeScript API to manage recipes and ingredients. Recipes have a name, servings (integer) and instructions. Ingredients have a name and unit.',
    'node | /recipes: name!, servings=integer!, instructions=text | /ingredients: name!, unit!',
  ],
  [
    'node api: books with title and author, and authors with name and birth date, JWT auth and pagination',
    'node email | /books: title!, author! | /authors: name!, birthDate=date',
  ],
  [
    'A Flask REST API that manages blog posts (title, body, status: draft|published) with comments (text, rating 1-5) and login with username and password',
    'flask username | /blog-posts: title!, body=text!, status=choice!(draft|published) | /comments: text=text!, rating=integer![1..5]',
  ],
  [
    'Node.js/TypeScript API for a parking garage. A parking spot has a number (unique), a level (integer 0-5) and is_occupied (boolean).',
    'node | /parking-spots: number!#, level=integer![0..5], is_occupied=boolean',
  ],
  [
    'a small Flask service to keep track of my wine bottles, with vintage year, rating from 1 to 100 and tasting notes',
    'flask | /wine-bottles: vintage_year=integer!, rating=integer![1..100], tasting_notes=text',
  ],
  [
    'flask api. entities: Aircraft {tail_number: string unique, seats: int}, Crew members {firstName, licenseExpires: date}',
    'flask | /aircraft: tail_number!#, seats=integer! | /crew-members: firstName!, licenseExpires=date',
  ],
  [
    'Node API for gym memberships: member name, start date, end date, monthly fee',
    'node | /gym-memberships: memberName!, startDate=date, endDate=date, monthlyFee=number!',
  ],
  [
    'A Flask REST API for a music school where students (name, level: beginner|advanced) can be created, listed and deleted',
    'flask | /students: name!, level=choice!(beginner|advanced)',
  ],
  [
    'an API in Python with Flask that stores feature flags (key unique, enabled boolean, description optional)',
    'flask | /feature-flags: key!#, enabled=boolean, description=text',
  ],
  [
    'node typescript api for managing classes (title, from, to, import)',
    'node | /classes: title!, from!, to!, import!',
  ],
  [
    'Flask API for sheep: ear tag (required, unique), shorn (bool), fleece weight (float >= 0)',
    'flask | /sheep: ear_tag!#, shorn=boolean, fleece_weight=number[0..]',
  ],
  [
    'TypeScript HTTP API that manages Straßen with Länge and Größe',
    'node | /strassens: laenge=number!, groesse=number!',
  ],
  [
    'Flask API for recipes. Each recipe has a title, a list of ingredients and a cooking time in minutes.',
    'flask | /recipes: title!, ingredients=list, cooking_time_in_minutes=integer!',
  ],
  [
    'A REST API with Node for bikes (brand, frame size: int 40..65, electric?: boolean) plus rate limiting',
    'node | /bikes: brand!, frameSize=integer![40..65], electric=boolean',
  ],
  [
    'Flask backend with books with a title and an author, and with WebSocket notifications',
    'flask | /books: title!, author!',
  ],
  [
    'Flask REST API for craters: name, diameter in km (must be greater than 0), discovered on',
    'flask | /craters: name!, diameter_in_km=number![>0..], discovered_on=date',
  ],
  ['API in Node, each criteria has weight, phenomena has name', 'node | /criteria: weight=number! | /phenomena: name!'],
  [
    'Inventory service in Flask. Products: sku (unique), price, quantity >= 0. Suppliers: name, website.',
    'flask | /products: sku!#, price=number!, quantity=integer![0..] | /suppliers: name!, website=url',
  ],
  [
    'Flask API for people (name, e-mail, home page url) and their children (first name, age at least 0)',
    'flask | /people: name!, email=email!, home_page_url=url | /children: first_name!, age=integer![0..]',
  ],
  ['Express API for todos', 'node | /todos: title!, done=boolean'],
  [
    'NestJS backend for movies with title, release year and genres (list of strings)',
    'node | /movies: title!, releaseYear=integer!, genres=list',
  ],
  [
    'A REST API in Flask for recipes: name, minutes, vegetarian or not',
    'flask | /recipes: name!, minutes=integer!, vegetarian=boolean',
  ],
  ['Flask: CRUD for potatoes', 'flask | /potatoes: name!, description=text'],
  ['Flask API for potatoes with variety', 'flask | /potatoes: variety!'],
  [
    'Node service for leaves, knives and heroes',
    'node | /leaves: name!, description=text | /knives: name!, description=text | /heroes: name!, description=text',
  ],
  ['Flask API for /api/v1/users with name and email unique', 'flask | /api/v1/users: name!, email=email!#'],
  ['Flask API, no auth, for notes with title and body', 'flask | /notes: title!, body=text!'],
  ['Build a Django app for books', 'none'],
  ['a Rust game', 'none'],
  ['Make a snake game in JavaScript', 'none'],
  ['A CLI in Haskell', 'none'],
  ['Write a Python script that renames files', 'none'],
  ['Build me a phone app for my bakery', 'none'],
  ['Kotlin service for books', 'none'],
  ['FastAPI service for books', 'none'],
];

describe('understanding a prompt', () => {
  it.each(table)('%s', (prompt, model) => {
    expect(line(prompt)).toBe(model);
  });

  it('takes bounds from requirements that stand on their own', () => {
    const requirements = [
      'The title is required and must be unique.',
      'published year must be between 1450 and 2100',
      'Titles longer than 80 characters are rejected with 400',
      'A book without an author is refused',
    ];
    expect(line('Flask API for books with title, author, published year', requirements)).toBe(
      'flask | /books: title!#[..80], author!, published_year=integer[1450..2100]',
    );
  });

  it('takes bounds from requirements without a verb', () => {
    expect(line('Flask API for users with name and e-mail', ['e-mail unique', 'Name optional'])).toBe(
      'flask | /users: name, email=email!#',
    );
    expect(line('Flask API for users', ['e-mail unique'])).toBe('flask | /users: email=email!#');
  });

  it('finds name, port, paths, token lifetime and status of invalid input in the words', () => {
    const model = read('Build a Flask API called "Green Thumb" for plants with name', [
      'POST /api/plants answers 422 for bad input',
      'POST /api/login gives a token',
      'tokens expire after 2 hours',
      'It listens on port 9001',
    ]);
    expect(model).toMatchObject({
      title: 'Green Thumb',
      slug: 'green-thumb',
      port: 9001,
      invalidStatus: 422,
      auth: { path: '/api', tokenSeconds: 7200 },
    });
    expect(model?.entities[0]?.path).toBe('/api/plants');
  });

  it('takes feedback in without breaking what was asked before', () => {
    expect(line('Flask API for books with title', [], ['add a field isbn to books'])).toBe(
      'flask | /books: title!, isbn',
    );
    expect(line('Flask API for books with title', [], ['Also add authors with name and birthday'])).toBe(
      'flask | /books: title! | /authors: name!, birthday=date',
    );
    expect(line('Flask API for books with title', [], ['Make it faster please'])).toBe('flask | /books: title!');
  });

  const library = 'Flask API for books with title, author, year and authors with name and country';

  it.each([
    ['remove the field author', '/books: title!, year=integer! | /authors: name!, country!'],
    ['Please drop the country from authors', '/books: title!, author!, year=integer! | /authors: name!'],
    ['remove author and year of books', '/books: title! | /authors: name!, country!'],
    ["I don't need authors", '/books: title!, author!, year=integer!'],
    ['rename author to writer', '/books: title!, writer!, year=integer! | /authors: name!, country!'],
    ['rename authors to people', '/books: title!, author!, year=integer! | /people: name!, country!'],
    ['make the country optional', '/books: title!, author!, year=integer! | /authors: name!, country'],
    ['remove the moon', '/books: title!, author!, year=integer! | /authors: name!, country!'],
  ])('changes what is there by feedback: %s', (feedback, model) => {
    expect(line(library, [], [feedback])).toBe(`flask | ${model}`);
  });

  it('adds a field to the only thing there is', () => {
    expect(line('Flask API for books with title', [], ['Add a field price'])).toBe(
      'flask | /books: title!, price=number',
    );
  });

  it('takes nothing away once checks are locked', () => {
    const feedback = ['remove the field author'];
    const project = projectOf({ prompt: library, requirements: [], feedback, afterLock: feedback });
    expect(project?.model.entities[0]?.fields.map((field) => field.key)).toEqual(['title', 'author', 'year']);
  });

  it('names what is beyond its size', () => {
    const many = (count: number, name: string): string =>
      Array.from({ length: count }, (_, index) => `${name} ${'abcdefghijklmnopqrstuvwxyz'[index]}x`).join(', ');
    const fields = projectOf({
      prompt: `Flask API for books with ${many(26, 'part')}`,
      requirements: [],
      feedback: [],
    });
    expect(fields?.omitted).toEqual(['part yx of books', 'part zx of books']);
    const things = [
      'cats',
      'dogs',
      'cows',
      'pigs',
      'hens',
      'bees',
      'ants',
      'emus',
      'owls',
      'rats',
      'bats',
      'fleas',
      'moths',
    ];
    expect(
      projectOf({ prompt: `Flask API for ${things.join(', ')}`, requirements: [], feedback: [] })?.omitted,
    ).toEqual(['moths']);
  });

  it('names frameworks that it does not use', () => {
    expect(projectOf({ prompt: 'Express API for todos', requirements: [], feedback: [] })?.instead).toEqual([
      'Express',
    ]);
  });

  it('says what it assumed', () => {
    expect(read('REST API for books')?.assumed.join(' ')).toContain('No language was named');
    expect(read('Flask API')?.assumed.join(' ')).toContain('it keeps items as an example');
  });
});
