import type { Case } from './case.ts';

/** Prompts of many styles and trades, written before the reading was made for them. */
export const fresh: readonly Case[] = [
  // Terse
  [
    'flask api, beehives: location, queen age, frames (int 1-20)',
    'flask | beehives: location, queen_age=integer, frames=integer[1..20]',
  ],
  [
    'node ts rest crud invoices(number unique, amount, currency, paid)',
    'node | invoices: number#, amount=number, currency, paid=boolean',
  ],
  ['Flask. Cats. name, breed, age', 'flask | cats: name, breed, age=integer'],
  ['express api volcanoes name country elevation', 'node | volcanoes', null],
  ['todos api node jwt', 'node email | todos'],
  // Chatty
  [
    'Hi! I run a small bakery and would love a little Python backend to keep track of cakes. Every cake has a name, a price and a list of allergens. Thanks a lot!',
    'flask | cakes: name, price=number, allergens=list',
    null,
  ],
  [
    "Hey, could you please build me a Node API for my vinyl collection? I'd like to store records with artist, album title, release year and condition (mint, good or poor).",
    'node | records: artist, albumTitle, releaseYear=integer, condition(mint|good|poor)',
    null,
  ],
  [
    'We are a vet clinic. We need a Flask REST API so that our receptionists can register pets. For each pet we store its name, species, date of birth and whether it is vaccinated.',
    'flask | pets: name, species, date_of_birth=date, vaccinated=boolean',
    null,
  ],
  // Bulleted
  [
    'Node API\n\n- Recipe\n  - title (required)\n  - servings: integer\n  - vegan: boolean\n- Ingredient\n  - name (unique)\n  - unit',
    'node | recipes: title!, servings=integer, vegan=boolean | ingredients: name#, unit',
  ],
  [
    'Flask API for a gym.\n\nMembers:\n* first name\n* last name\n* joined on\n\nClasses:\n* title\n* capacity (1-40)\n* starts at',
    'flask | members: first_name, last_name, joined_on=date | classes: title, capacity=integer[1..40], starts_at=datetime',
  ],
  [
    'Build a TypeScript API that stores spaceships with the following fields:\n- name: string (required, max 60 characters)\n- crew size: integer between 1 and 500\n- launched: date',
    'node | spaceships: name![..60], crewSize=integer[1..500], launched=date',
  ],
  [
    '1. Flask API\n2. Manage parcels\n3. A parcel has a tracking code (unique), a weight in kg (greater than 0) and a recipient\n4. Parcels can be filtered by recipient',
    'flask | parcels: tracking_code#, weight_in_kg=number[>0..], recipient',
  ],
  [
    '## Entities\n\n### Planet\n- name\n- mass (number)\n\n### Moon\n- name\n- radius\n\nBuild this as a Flask API.',
    'flask | planets: name, mass=number | moons: name, radius=number',
  ],
  // User stories, Given/When, EARS
  [
    'Node API. As a coach I want to record training sessions with date, duration and notes so that I can review them later.',
    'node | training-sessions: date=date, duration=integer, notes=text',
    null,
  ],
  [
    'Flask API.\nAs a farmer, I can add fields with a name and an area.\nAs a farmer, I can list fields.\nAs a farmer, I can delete fields.',
    'flask | fields: name, area=number',
    null,
  ],
  [
    'Flask API for coupons with code and percent.\nGiven a coupon exists, when I delete it, then it is gone.',
    'flask | coupons: code, percent=number',
    null,
  ],
  [
    'The system shall be a Flask API. The system shall store patients with name, birthday and blood type. If the name is missing, then the system shall answer 400.',
    'flask | patients: name!, birthday=date, blood_type',
  ],
  [
    'WHEN a client posts a sensor with serial (unique) and location THE Node API SHALL store it.',
    'node | sensors: serial#, location',
  ],
  // Typos, capitals, emoji
  [
    'BUILD A FLASK API FOR EMPLOYEES WITH NAME, SALARY AND START DATE',
    'flask | employees: name, salary=number, start_date=date',
  ],
  [
    'flask api 🚲 for bikes 🚲: brand, gears (integer), electric (boolean) ✨',
    'flask | bikes: brand, gears=integer, electric=boolean',
  ],
  ['flsk api for books wiht title and author', 'flask | books: title, author', null],
  ['pls make node api 4 movies w/ title & year', 'node | movies: title, year=integer', null],
  // Lists as code
  [
    'Node API with this model: { "book": { "title": "string", "pages": "number", "published": "date" } }',
    'node | books: title=string, pages, published=date',
  ],
  [
    'Flask API for this schema:\nCREATE TABLE sailors (\n  id INTEGER PRIMARY KEY,\n  name VARCHAR(80) NOT NULL,\n  email TEXT UNIQUE NOT NULL,\n  rank INTEGER,\n  born DATE\n);',
    'flask | sailors: name![..80], email!#, rank=integer?, born=date?',
  ],
  [
    'Node API for\n\ninterface Ticket {\n  subject: string;\n  severity: number;\n  resolved?: boolean;\n}',
    'node | tickets: subject=string, severity=number, resolved=boolean?',
  ],
  [
    'Flask API for houses\n\n| field | type | rules |\n|---|---|---|\n| street | string | required |\n| rooms | integer | 1 to 30 |\n| heating | choice | gas, oil, electric |',
    'flask | houses: street!, rooms=integer[1..30], heating(gas|oil|electric)',
  ],
  [
    'Flask API\n\n| Entity | Fields |\n|---|---|\n| Vehicle | plate (unique), model, mileage |\n| Driver | name, licence number |',
    'flask | vehicles: plate#, model, mileage=integer | drivers: name, licence_number',
  ],
  ['Node API, Product{sku:string!, price:float, tags:string[]}', 'node | products: sku!, price=number, tags=list'],
  [
    'Python Flask:\nclass Satellite:\n    name: str\n    altitude: float\n    active: bool',
    'flask | satellites: name, altitude=number, active=boolean',
  ],
  [
    'Flask API for trees with fields name (text), height (number), planted (date).',
    'flask | trees: name, height=number, planted=date',
  ],
  // Plurals
  ['Flask API for oxen with name and weight', 'flask | oxen: name, weight=number'],
  ['Node API for aircraft with registration (unique) and seats', 'node | aircraft: registration#, seats=integer'],
  [
    'Flask API that manages equipment: serial number, purchase date',
    'flask | equipment: serial_number, purchase_date=date',
  ],
  [
    'Node API for analyses (method, result) and hypotheses (statement)',
    'node | analyses: method, result | hypotheses: statement',
  ],
  [
    'Flask API for furniture (name, material) and shelves (width, height)',
    'flask | furniture: name, material | shelves: width=number, height=number',
  ],
  ['Node API for buses with line and capacity', 'node | buses: line, capacity=integer'],
  // Other languages
  [
    'Baue eine Flask-API für Bücher mit Titel, Autor und Erscheinungsjahr.',
    'flask | buecher: titel, autor, erscheinungsjahr=integer',
  ],
  [
    'Eine REST-API in Node für Kunden: Name, E-Mail (eindeutig), Telefon (optional)',
    'node | kunden: name, email=email#, telefon?',
  ],
  [
    'Crea una API con Flask para clientes con nombre, correo y teléfono',
    'flask | clientes: nombre, correo=email, telefono',
  ],
  ['Une API Flask pour des recettes avec titre, durée et difficulté', 'flask | recettes: titre, duree, difficulte'],
  ['API Node pour gérer des livres : titre, auteur, prix', 'node | livres: titre, auteur, prix=number'],
  // Features and what is beyond
  [
    'Flask API for events with title, starts at and venue. Send a reminder by e-mail a day before.',
    'flask | events: title, starts_at=datetime, venue',
    ['reminder'],
  ],
  ['Node API for photos with title and url. Users can upload files.', 'node | photos: title, url=url', ['upload']],
  [
    'Flask API with JWT for notes (title, body). Only the owner may see a note.',
    'flask email | notes: title, body',
    ['owner'],
  ],
  [
    'Node API for polls with question and closes at; people vote on polls; export results as CSV',
    'node | polls: question, closesAt',
    ['vote', 'csv'],
  ],
  [
    'Flask API for cars with make, model and year. Cars can be searched by make and sorted by year. Put it in Docker.',
    'flask | cars: make, model, year=integer',
    ['docker'],
  ],
  ['A GraphQL API in Node for films with title', 'node | films: title', ['graphql']],
  [
    'Flask API for stocks with ticker and price, updated every minute from Yahoo',
    'flask | stocks: ticker, price=number',
    ['every minute'],
  ],
  [
    'Node API for tables (number, seats) and reservations (guest name, party size, starts at). A reservation belongs to a table.',
    'node | tables: number, seats=integer | reservations: guestName, partySize=integer, startsAt=datetime',
    ['belongs to'],
  ],
  [
    'Flask API to shorten URLs: a link has a target url and a slug (unique). GET /r/<slug> redirects.',
    'flask | links: target_url=url, slug#',
    ['redirect'],
  ],
  [
    'Node API for bank accounts with iban and balance. Users can transfer money between accounts.',
    'node | bank-accounts: iban, balance=number',
    ['transfer'],
  ],
  // Prose of other shapes
  [
    'Build a Flask API to store the name, altitude and difficulty of mountains.',
    'flask | mountains: name, altitude=number, difficulty',
  ],
  [
    'Node service. It keeps wines. A wine consists of a label, a grape and a vintage year between 1900 and 2100.',
    'node | wines: label, grape, vintageYear=integer[1900..2100]',
  ],
  [
    'Flask API for students, where every student has a matriculation number (unique) and a semester (1 to 20).',
    'flask | students: matriculation_number#, semester=integer[1..20]',
  ],
  [
    'I want a REST backend in TypeScript. Entities: Shop (name, city), Employee (name, role: clerk|manager).',
    'node | shops: name, city | employees: name, role(clerk|manager)',
  ],
  [
    "Flask API for podcasts. A podcast's fields are title, host and explicit (boolean).",
    'flask | podcasts: title, host, explicit=boolean',
  ],
  [
    'Node API for lighthouses. Fields: name, height in metres, automated (yes/no), built in year.',
    'node | lighthouses: name, heightInMetres=number, automated=boolean, builtInYear=integer',
  ],
  [
    'Flask backend for a zoo with animals, keepers and enclosures. Animals have a name and a species; keepers have a name and a phone number; enclosures have a label.',
    'flask | animals: name, species | keepers: name, phone_number | enclosures: label',
  ],
  [
    'Node API for job offers with title, salary from, salary to, remote (yes/no) and status (draft, open, filled).',
    'node | job-offers: title, salaryFrom, salaryTo, remote=boolean, status(draft|open|filled)',
  ],
  [
    'Flask API for the departments of a company: each department has a code of exactly 3 letters and a budget.',
    'flask | departments: code[3..3], budget=number',
  ],
  [
    'A Flask API that lets volunteers sign up for shifts. Shifts have a date, a place and a number of seats.',
    'flask | shifts: date=date, place, number_of_seats=integer',
    ['volunteers'],
  ],
  [
    'Node API for medicines. Name is required and unique. Dosage is optional. Stock must not be negative.',
    'node | medicines: name!#, dosage?, stock=integer[0..]',
  ],
  ['Flask API for a type, an import and a function', 'flask | types | imports | functions'],
  [
    'Create a Node HTTP API where classes have a static, an async and an await flag',
    'node | classes: static, async, awaitFlag',
    null,
  ],
  [
    'go api for orders (code unique, total >= 0, status: open, paid or shipped) with login by username, listen on 3001',
    'go username | orders: code#, total=number[0..], status(open|paid|shipped)',
  ],
  ['Node API for players (name, number 1-99)', 'node | players: name, number=integer[1..99]'],
];
