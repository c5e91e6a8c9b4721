/** Prompts whose projects are really built, run and checked; the first of each in every test run, all of them in the long one. */
export const flaskPrompts = [
  'Build a Flask API with JWT auth for books with title, author and published year.',
  'Flask API: inventory of plants: name, latin name, price > 0, in stock',
  'Build a Flask API with JWT auth',
  'Python REST API for mice (name unique, weight: decimal between 1 and 90, fur colour: one of grey, white, brown, born on, tags, website, seen at: datetime, notes) and news with class, from and order',
  'Flask API for coupons (code with exactly 8 characters unique, percent 1-100, note max 20 chars optional), answering 422 for bad input. Books can be filtered by code. Users log in with a username.',
];

export const nodePrompts = [
  'A Node REST API for todo items (title: string, done: boolean, due date)',
  'Build a TypeScript API with JWT auth for mice (name unique, weight: decimal between 1 and 90, fur colour: one of grey, white, brown, born on, tags, website, seen at: datetime, notes) and news with class, from and order. Users log in with a username.',
  'Node API with login by e-mail',
  'Node API at /api/v1/coupons for coupons (code with exactly 8 characters unique, percent 1-100, note max 20 chars optional), answering 422 for bad input',
];

export const pythonToolPrompts = [
  'A Python command line tool for books with title (required), pages (at least 1), status (to read, reading, read) and finished on',
  'Python CLI for mice (name unique, weight from 1 to 90, fur colour: one of grey, white, brown, born on, tags, website, seen at: datetime, notes, data, alive: boolean, owner email) and news with class, from and order. List mice by name, filter by fur colour.',
  'A terminal todo app called Calendar in Python',
];

export const goPrompts = [
  'Build a Go HTTP service with JWT auth for mice (name unique, weight: decimal between 1 and 90, fur colour: one of grey, white, brown, born on, tags, website, seen at: datetime, notes, contact email, tame, legs: integer at most 6) and news with class, from and order. Users log in with a username.',
  'Golang REST API: inventory of plants: name, latin name, price > 0, in stock',
  'Go API with login by e-mail',
  'A small service in Go at /api/v1/coupons for coupons (code with exactly 8 characters unique, percent 1-100, note max 20 chars optional), answering 422 for bad input',
];

export const javaPrompts = [
  'Java REST API: inventory of plants: name, latin name, price > 0, in stock',
  'Build a Java Maven API with JWT auth for mice (name unique, weight: decimal between 1 and 90, fur colour: one of grey, white, brown, born on, tags, website, seen at: datetime, notes, contact email, tame, legs: integer at most 6) and news with class, from and order. Users log in with a username.',
  'Java API with login by e-mail',
  'A Javalin service at /api/v1/coupons for coupons (code with exactly 8 characters unique, percent 1-100, note max 20 chars optional), answering 422 for bad input',
];

export const nodeToolPrompts = [
  'A TypeScript command line tool for books with title (required), pages (at least 1), status (to read, reading, read) and finished on',
  'Node CLI for mice (name unique, weight from 1 to 90, fur colour: one of grey, white, brown, born on, tags, website, seen at: datetime, notes, data, alive: boolean, owner email) and news with class, from and order. List mice by name, filter by fur colour.',
];

export const rustToolPrompts = [
  'A Rust CLI for mice (name unique, weight from 1 to 90, fur colour: one of grey, white, brown, born on, tags, website, seen at: datetime, notes, data, alive: boolean, owner email) and news with class, from and order. List mice by name, filter by fur colour.',
  'A Rust command line tool for books with title (required), pages (at least 1), status (to read, reading, read) and finished on',
  'A terminal app in Rust called Test that keeps types with match, impl, self and price > 0',
];

export const pagePrompts = [
  'A static web page with a small script for mice (name unique, weight: decimal between 1 and 90, fur colour: one of grey, white, brown, born on, tags, website, seen at: datetime, notes, contact email, tame: yes or no, legs: integer at most 6) and news with class, reset and order.',
  'A plain HTML page to keep my books: title (required), pages (at least 1), status (to read, reading, read) and finished on. Filter by status, search by title, dark mode.',
];

export const reactPrompts = [
  'React + Vite app for mice (name unique, weight: decimal between 1 and 90, fur colour: one of grey, white, brown, tags, website, seen at: datetime, tame: yes or no) and news with class, reset and order.',
  'A React app in TypeScript to keep my books: title (required), pages (at least 1), status (to read, reading, read) and finished on. Filter by status, search by title, dark mode, on port 4000.',
];
