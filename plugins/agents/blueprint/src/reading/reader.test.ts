import { describe, expect, it } from 'vitest';
import { blueprints } from '../blueprints/list.ts';
import { projectOf } from '../turns/project.ts';
import { readWish } from './reader.ts';

const shop =
  'A Flask API for a bookshop with JWT auth: books (title, author, isbn unique, price, stock) and orders (number, total).';

/** What a requirement is read as: 'books.create books.list', or 'cannot: words'. */
function reading(wish: string, prompt = shop): string {
  const project = projectOf({ prompt, requirements: [wish], feedback: [] });
  if (!project) return 'none';
  const { behaviours, leftover } = readWish(wish, project);
  if (leftover.length > 0 || behaviours.length === 0) return `cannot: ${leftover.join(' ')}`;
  return behaviours
    .map(({ key }) => key)
    .toSorted()
    .join(' ');
}

const met: readonly (readonly [wish: string, keys: string])[] = [
  ['When a client posts a book, the API shall answer 201 with it.', 'books.create'],
  ['As a user I can register with an email and a password', 'auth.register'],
  ['POST /auth/login returns 401 for wrong credentials', 'auth.login auth.wrong'],
  ['Requests without a token are answered with 401', 'auth.protected'],
  ['GET /books?author=X returns only books by that author', 'books.filter.author books.list'],
  ['ISBN has to be unique; a duplicate returns 409', 'books.unique.isbn'],
  ['Titles longer than 200 characters are rejected with 400', 'books.bounds.title'],
  ['Missing required fields return 400', 'books.invalid orders.invalid'],
  ['Return 404 for unknown books', 'books.missing'],
  ['Price must be a positive number', 'books.bounds.price'],
  ['CRUD for orders', 'orders.create orders.delete orders.list orders.read orders.update'],
  ['The service persists data in SQLite so that it survives restarts', 'persist sqlite'],
  ['Passwords are stored hashed', 'auth.hashed'],
  ['Tokens expire after 30 minutes', 'auth.expiry auth.login'],
  ['The project includes a README, a LICENSE and unit tests', 'licence readme tests'],
  ['GET /health returns 200', 'health'],
  ['Search by title or author', 'books.search.author books.search.title'],
  ['The title is required', 'books.required.title'],
  ['Books list is paginated with limit and offset', 'books.list books.page'],
];

const beyond: readonly string[] = [
  'The API sends an e-mail on registration',
  'Rate-limit logins to 5 per minute',
  'Login with OAuth',
  'The API handles 10k requests per second',
  'Passwords are hashed with bcrypt',
  'Only admins can delete books',
  'Anyone can read books without logging in',
  'Deleting a book also deletes its author',
  'When an order is created, the stock of its books is updated',
  'Deleting an order deletes its books',
  'Use PostgreSQL instead of SQLite',
  'Docker image',
  'Response time below 100 ms',
  'The API is documented with OpenAPI at /openapi.json',
  'PUT /authors/1 updates an author',
  'The API must not allow deleting books',
  'Books can be borrowed',
  'GET /books returns 418',
  'Books are listed newest first',
  'All endpoints return JSON',
  'The code is clean',
  'Users can create books, but cannot delete them',
  'A list of books is returned sorted by title by default',
  'no authentication',
  'Log every request',
  'POST /books returns 200',
  'Users can reset their password',
  'The API runs on Kubernetes',
];

describe('reading a requirement', () => {
  it.each(met)('%s', (wish, keys) => {
    expect(reading(wish)).toBe(keys);
  });

  it.each(beyond)('is beyond the blueprint: %s', (wish) => {
    expect(reading(wish)).toMatch(/^cannot:/);
  });

  it('takes logging in as beyond an API without accounts', () => {
    expect(reading('Users can log in', 'Flask API for books with title, public api')).toMatch(/none|auth|cannot/);
    expect(
      reading('Requests without a token are answered with 401', 'Flask API without auth for books with title'),
    ).toMatch(/^cannot/);
  });

  it.each(blueprints.map(({ id }) => id))(
    'reads each sentence that the catalogue of %s itself proposes as that behaviour',
    (id) => {
      const project = projectOf({
        prompt: shop.replace('Flask API', id.replace('-', ' ')),
        requirements: [],
        feedback: [],
      });
      expect(project?.blueprint).toBe(blueprints.find((blueprint) => blueprint.id === id));
      for (const behaviour of project?.catalogue.values() ?? []) {
        expect(readWish(behaviour.text, project as NonNullable<typeof project>)).toEqual({
          behaviours: [behaviour],
          leftover: [],
        });
      }
    },
  );
});
