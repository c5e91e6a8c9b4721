import type { Case } from './case.ts';

/** Prompts for web pages. */
export const pages: readonly Case[] = [
  [
    'a html page for my recipes with title, minutes and a rating from 1 to 5',
    'static-page | recipes: title, minutes=integer, rating=integer[1..5]',
  ],
  [
    'Make me a simple website to track my plants: name, species, watered on',
    'static-page | plants: name, species, wateredOn=date',
  ],
  [
    'A small todo page: title, done, due date. Filter by done, sort by due date, works offline, dark mode, accessible.',
    'static-page | todos: title, done=boolean, dueDate=date',
  ],
  ['Eine Webseite für Rezepte mit Titel, Dauer und Bild', 'static-page | rezepte: titel, dauer, bild'],
  [
    'A contact list page in plain JavaScript without dependencies: name, e-mail unique, phone. Port 9090.',
    'static-page | contacts: name, email=email#, phone',
    null,
  ],
  [
    'static web page to manage members (name required, joined on) and events (title, starts at: datetime, place). Responsive. Users log in.',
    'static-page | members: name!, joinedOn=date | events: title, startsAt=datetime, place',
    ['log'],
  ],
  [
    'A web page with jQuery and Bootstrap for chores with title and due date',
    'static-page | chores: title, dueDate=date',
    ['jquery'],
  ],
  ['A Flask web app for books with title and author', 'flask | books: title, author'],
  ['Node API with a React front end for books with title', 'node | books: title', ['react']],
  ['contacts with name, website and page: a REST API in Node', 'node | contacts: name, website=url, page'],
  [
    'React + Vite app with TypeScript for recipes: title (required), minutes, difficulty (easy, medium, hard). Filter by difficulty, tests with vitest.',
    'react-app | recipes: title!, minutes=integer, difficulty(easy|medium|hard)',
  ],
  [
    'A React app in TypeScript to track plants: name, species, watered on, tailwind',
    'react-app | plants: name, species, wateredOn=date, tailwind',
    null,
  ],
  [
    'single page app in react for guests with name, type, key and default',
    'react-app | guests: name, type, key, default',
  ],
  [
    'a todo app with React: title, done, priority (low, high). Port 4000.',
    'react-app | todos: title, done=boolean, priority(low|high)',
  ],
  [
    'Eine React-App für Aufgaben mit Titel, Fällig am und erledigt',
    'react-app | aufgaben: titel, faelligAm, erledigt=boolean',
  ],
  ['A Vue dashboard for sales with amount', 'none'],
];
