import type { Case } from './case.ts';

/** Prompts that were once misread. */
export const known: readonly Case[] = [
  [
    'Node API for mice (name unique, weight: decimal between 1 and 90, tail: number between 0.5 and 12, tame)',
    'node | mice: name#, weight=number[1..90], tail=number[0.5..12], tame',
  ],
  [
    'Flask API for orders: an order has a reference (unique), quantity (integer, at least 1) and priority (low, medium or high). Filter by priority, sort by quantity, paginate with page and size.',
    'flask | orders: reference#, quantity=integer[1..], priority(low|medium|high)',
    ['page and size'],
  ],
  [
    'Node API for tickets (subject, severity from 1 to 5, open or closed)',
    'node | tickets: subject, severity=integer[1..5], status(open|closed)',
  ],
  [
    'Flask API where a class has a default, a return and a constructor',
    'flask | classes: default, return, constructor',
  ],
  ['Node API where a class has a default, a return and a constructor', 'node | classes: default, return, constructor'],
  [
    'Flask API. A purchase order has a class, a type, an import flag (boolean), a from date and a number.',
    'flask | purchase-orders: class, type, import_flag=boolean, from_date=date, number',
  ],
  [
    'Node API for a tool shed. Each tool: name (required, unique), condition (new/used/broken), bought on.',
    'node | tools: name!#, condition(new|used|broken), boughtOn=date',
  ],
  [
    'Flask API for alerts with a message of at most 500 characters and a level',
    'flask | alerts: message[..500], level',
  ],
  [
    'Node API for animals: name, species, whether they are endangered',
    'node | animals: name, species, endangered=boolean',
  ],
  ['Flask API for a library: people can borrow books; search books by title', 'flask | books', ['borrow']],
  [
    'Flask API for drivers with name, driver licence number, phone',
    'flask | drivers: name, driver_licence_number, phone',
  ],
  [
    'Node API for people with 14 fields: first name, last name, e-mail, phone, street, house number, postcode, city, country, birthday, job title, company, website, notes',
    'node | people: firstName, lastName, email=email, phone, street, houseNumber, postcode, city, country, birthday=date, jobTitle, company, website=url, notes=text',
  ],
  ['Make me a todo list backend', 'flask | todos: title, done=boolean'],
  ['Flask API: media, data, criteria, sheep', 'flask | media | data | criteria | sheep'],
  ['Node API for a blog with posts and comments', 'node | posts | comments'],
  ['Flask-API für Rechnungen (Nummer, Betrag, bezahlt)', 'flask | rechnungen: nummer, betrag=number, bezahlt=boolean'],
  ['API en Flask de películas con título, año y puntuación', 'flask | peliculas: titulo, ano=integer, puntuacion'],
  [
    'Flask API for a blog. Posts have a title and a body. A comment has a text and belongs to a post.',
    'flask | posts: title, body=text | comments: text',
    ['belongs to'],
  ],
  [
    'Node API for authors (name) and books (title). Each author has many books.',
    'node | authors: name | books: title',
    ['has many'],
  ],
  [
    'Flask API for purchase orders with number and total. The number of a purchase order is unique.',
    'flask | purchase-orders: number#, total=number',
  ],
  [
    'Node API to keep guests: they have a name, an RSVP status of yes, no or maybe, and a vegan flag',
    'node | guests: name, rsvpStatus(yes|no|maybe), veganFlag=boolean',
    null,
  ],
  [
    'Node API for a club: hives [location, colour], inspections [notes, varroa count]',
    'node | hives: location, colour | inspections: notes=text, varroaCount=integer',
    null,
  ],
  [
    'Flask API with a model Book: title str required, isbn str unique, pages int > 0',
    'flask | books: title!, isbn#, pages=integer',
  ],
  [
    'node api for people: name + birthday, and houses: address + number of rooms',
    'node | people: name, birthday=date | houses: address, numberOfRooms=integer',
  ],
  [
    'Flask API for assets. Required fields: name, serial number (unique). Optional fields: location, notes.',
    'flask | assets: name!, serial_number!#, location?, notes?',
  ],
  [
    'Flask API for lessons with title and position. Lessons are listed by position.',
    'flask | lessons: title, position=integer',
    ['listed by position'],
  ],
  ['Golang service for boats with name, length in metres', 'go | boats: name, length_in_metres'],
  ['Build a REST API in Go for types with map, func and range', 'go | types: map, func, range'],
  ['Go gin API for books with title and author', 'go | books: title, author', ['gin']],
  ['A todo API in Go with SQLite', 'go | todos', ['sqlite']],
  ['Flask API for food to go: dishes with name and price', 'flask | dishes: name, price=number', null],
  ['Java Maven API for parcels with code and weight', 'java | parcels: code, weight=number'],
  ['Golang backend for bikes with price. Written in Go 1.22 with net/http', 'go | bikes: price=number'],
  ['Spring Boot service for cats with name, lives left', 'java | cats: name, livesLeft', ['spring boot']],
  ['REST API with Quarkus for taxes: name, rate', 'java | taxes: name, rate', ['quarkus']],
  ['API for the spring sale with offers (title, price)', 'flask | offers: title, price=number', null],
  ['JavaScript API for cups with colour', 'node | cups: colour'],
  ['Flask API for notes with text (required)', 'flask | notes: text=text!'],
  ['Flask API for notes with text required, title optional', 'flask | notes: text=text!, title?'],
  ['Flask API for entries with text name, optional date', 'flask | entries: name=string, date=date?'],
  ['Flask API for users. E-mail unique.', 'flask | users: email=email#'],
  ['Flask API for users, e-mail unique', 'flask | users: email=email#'],
  ['Members have name and e-mail. E-mail unique. Use Flask.', 'flask | members: name, email=email#'],
];
