import type { Case } from './case.ts';

/** Prompts that were held out: written when the reading was done and scored before it was mended by them. */
export const heldOut: readonly Case[] = [
  [
    'Build a small Flask service for a cheese shop: cheeses (name, milk: cow, goat or sheep, aged months), suppliers (company, country).',
    'flask | cheeses: name, milk(cow|goat|sheep), aged_months | suppliers: company, country',
  ],
  [
    'node/express rest api. resource: ship. attributes: imo number (unique), flag, tonnage',
    'node | ships: imoNumber#, flag, tonnage',
    ['express'],
  ],
  [
    'I want to keep an eye on my houseplants. Each plant has a nickname, a species and a date when it was last watered. Flask please.',
    'flask | plants: nickname, species, last_watered_on=date',
    null,
  ],
  [
    'Flask API to manage court cases with docket number (unique), judge and verdict (guilty, not guilty, dismissed)',
    'flask | court-cases: docket_number#, judge, verdict',
  ],
  [
    'Write a REST API in Node for a hotel. It should have rooms with number, floor and price per night, and guests with full name and passport number.',
    'node | rooms: number, floor=integer, pricePerNight=number | guests: fullName, passportNumber',
  ],
  [
    'Flask API for exams. An exam has a subject, a date and a maximum score between 1 and 100.',
    'flask | exams: subject, date=date, maximum_score=integer[1..100]',
  ],
  [
    'Python API with endpoints for GET/POST/PUT/DELETE /songs. A song has title, artist and length in seconds.',
    'flask | songs: title, artist, length_in_seconds=integer',
  ],
  [
    'TypeScript backend: wardrobe app, clothes have a colour, a size (S/M/L/XL) and a brand',
    'node | clothes: colour, size(S|M|L|XL), brand',
    null,
  ],
  [
    'Flask API for movies: title - string - required; director - string; minutes - integer',
    'flask | movies: title!, director, minutes=integer',
  ],
  [
    'Node API for donations (donor, amount > 0, anonymous yes/no, given on)',
    'node | donations: donor, amount=number[>0..], anonymous=boolean, givenOn=date',
  ],
  [
    'Flask REST API with JWT. Users can register and log in. A habit has a name, a weekly goal (1-7) and a start date.',
    'flask email | habits: name, weekly_goal=integer[1..7], start_date=date',
  ],
  [
    'Node API: CRUD for fish tanks (litres, heated, temperature)',
    'node | fish-tanks: litres, heated, temperature=number',
  ],
  [
    'Create a Flask API for tracking bugs. Each bug should have: title, description, severity (low/medium/high/critical), reporter email, and fixed flag.',
    'flask | bugs: title, description=text, severity(low|medium|high|critical), reporter_email=email, fixed_flag=boolean',
  ],
  [
    'Node API for a choir. Singers: name, voice (soprano|alto|tenor|bass). Rehearsals: starts at, location, cancelled.',
    'node | singers: name, voice(soprano|alto|tenor|bass) | rehearsals: startsAt=datetime, location, cancelled=boolean',
  ],
  [
    'Flask API with an entity called Wind Turbine having serial number, capacity in kW and commissioned date',
    'flask | wind-turbines: serial_number, capacity_in_kw, commissioned_date=date',
  ],
  [
    'As an archivist I want to catalogue letters (sender, recipient, written on, language) with a Flask API, so nothing gets lost.',
    'flask | letters: sender, recipient, written_on=date, language',
    null,
  ],
  [
    'Node API for tyre changes. Please store plate, tyre size and mileage for every tyre change.',
    'node | tyre-changes: plate, tyreSize, mileage=integer',
  ],
  [
    'Flask API, entities: Team(name, founded: int), Player(name, shirt number: int 1..99, position)',
    'flask | teams: name, founded=integer | players: name, shirt_number=integer[1..99], position',
  ],
  [
    'Node API\n\nAnt colony:\n- species (required)\n- queen count\n- discovered on\n\nObservation:\n- note\n- temperature',
    'node | ant-colonies: species!, queenCount=integer, discoveredOn=date | observations: note=text, temperature=number',
  ],
  [
    'Flask API for insurance claims. The claim number must be unique. A claim has a claim number, an amount and a state (open, settled, denied).',
    'flask | insurance-claims: claim_number#, amount=number, state(open|settled|denied)',
  ],
  [
    'REST API (Flask): blood donors with full name, blood group one of A, B, AB, O and last donation date',
    'flask | blood-donors: full_name, blood_group(A|B|AB|O), last_donation_date=date',
  ],
  [
    'Node API for tasks and subtasks. A subtask belongs to a task. Tasks have a title and are done or open.',
    'node | tasks: title, status(done|open) | subtasks',
    ['belongs to'],
  ],
  [
    'Flask API for weather stations (code, latitude, longitude). Stations measure temperature every hour.',
    'flask | weather-stations: code, latitude=number, longitude=number',
    ['measure'],
  ],
  [
    'Build a Node API for a car rental with a calendar view and price calculation; cars have plate and daily rate',
    'node | cars: plate, dailyRate=number',
    ['calendar'],
  ],
  [
    'Flask API for menus: dish name, price, spicy? Sort by price, filter by spicy, page through with limit and offset.',
    'flask | menus: dish_name, price=number, spicy',
  ],
  [
    'Node API for visitors of a museum: name, e-mail, visited at. Search visitors by name.',
    'node | visitors: name, email=email, visitedAt=datetime',
  ],
  [
    'Flask API for tests (name, duration in minutes) and results (score, passed)',
    'flask | tests: name, duration_in_minutes=integer | results: score=integer, passed',
  ],
  [
    'Ein Node-Backend für Fahrräder mit Marke, Rahmengröße und Preis',
    'node | fahrraeder: marke, rahmengroesse, preis=number',
  ],
  [
    'Erstelle eine REST-API mit Flask, die Mitarbeiter verwaltet: Vorname, Nachname, Gehalt, Eintrittsdatum',
    'flask | mitarbeiter: vorname, nachname, gehalt, eintrittsdatum=date',
  ],
  [
    'Quiero una API en Node para gestionar coches: matrícula (única), marca, precio',
    'node | coches: matricula#, marca, precio=number',
  ],
  ['Crée une API Flask pour gérer des clients avec nom, prénom et adresse', 'flask | clients: nom, prenom, adresse'],
  [
    'Flask API for gym members:\n\n```json\n{"name": "string", "age": 0, "member": true}\n```',
    'flask | gym-members: name, age=integer, member=boolean',
  ],
  [
    'Node API, table: CREATE TABLE IF NOT EXISTS goats (id serial primary key, name text not null, milk_per_day numeric CHECK (milk_per_day >= 0), born date);',
    'node | goats: name!, milk_per_day=number[0..], born=date',
  ],
  [
    'type Rocket = { name: string; stages: number; reusable: boolean }\n\nBuild CRUD in Node for it.',
    'node | rockets: name, stages, reusable=boolean',
    null,
  ],
  [
    '| Field | Type | Required |\n| --- | --- | --- |\n| isbn | string | yes |\n| price | number | no |\n\nFlask API for books with these fields.',
    'flask | books: isbn!, price=number?',
    null,
  ],
  ['FLASK API FOR DOGS: NAME, BREED, VACCINATED', 'flask | dogs: name, breed, vaccinated'],
  ['a python rest thing for my moms recipes, name, how many people it feeds, steps', 'flask | recipes', null],
  [
    'Node API for flights with number, origin, destination, departs at and gate (optional, at most 4 characters)',
    'node | flights: number, origin, destination, departsAt=datetime, gate?[..4]',
  ],
  [
    'Flask API where users can log in and save bookmarks (url, title, tags). Bookmarks are private.',
    'flask email | bookmarks: url=url, title, tags=list',
    ['private'],
  ],
  [
    'Node API for parcels. POST /parcels creates a parcel with weight and destination. GET /parcels lists them. DELETE /parcels/:id removes one. Send an SMS on delivery.',
    'node | parcels: weight=number, destination',
    ['sms'],
  ],
];
