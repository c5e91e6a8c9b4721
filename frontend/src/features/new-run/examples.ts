/** Two runs that go through from start to end on the blueprint agent, with no key and no network model. */
export interface Example {
  readonly title: string;
  readonly note: string;
  readonly prompt: string;
  readonly requirements: readonly string[];
  readonly zipName: string;
}

export const examples: readonly Example[] = [
  {
    title: 'Flask API with JWT auth',
    note: 'Python · tasks, sign-up, login',
    prompt: 'Build a Flask API with JWT auth. It manages tasks with title, done and due_date.',
    requirements: [
      'A person can register with username and password, and log in to get a JWT.',
      'Requests to /tasks without a valid token are answered with 401.',
      'Tasks can be created, listed, read, updated and deleted.',
      'A task without a title is refused with 400 and a message that names the field.',
      'A task that does not exist is answered with 404.',
    ],
    zipName: 'flask-api.zip',
  },
  {
    title: 'Node/TypeScript HTTP API',
    note: 'TypeScript · books and authors',
    prompt: 'Build a Node and TypeScript HTTP API for a library: books with title, author and year.',
    requirements: [
      'GET /health answers 200.',
      'Books can be created, listed, read, updated and deleted as JSON.',
      'A book without a title is refused with 400 and a message that names the field.',
      'What was stored is still there after a restart.',
      'A book that does not exist is answered with 404.',
    ],
    zipName: 'library-api.zip',
  },
];
