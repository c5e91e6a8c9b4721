import type { Case } from './case.ts';

/** Prompts for tools that are called on a command line. */
export const tools: readonly Case[] = [
  [
    'A Python command line tool for books with title (required), pages (at least 1) and finished on',
    'python-cli | books: title!, pages=integer[1..], finished_on=date',
  ],
  [
    'a cli to track my expenses (amount > 0, category, spent on) in python with export to csv and a REST API',
    'python-cli | expenses: amount=number[>0..], category, spent_on=date',
    ['csv', 'rest'],
  ],
  [
    'Write me a bookmark manager for the terminal: url (required), title, rating; search by title; output as JSON',
    'python-cli | bookmarks: url=url!, title, rating',
  ],
  ['Ein Kommandozeilenprogramm in Python für Rezepte (Titel, Dauer)', 'python-cli | rezepte: titel, dauer'],
  [
    'A python script to manage contacts: name, phone, email. search contacts by name',
    'python-cli | contacts: name, phone, email=email',
  ],
  [
    'A Python CLI for chores with title and due date. Users register and log in with a JWT.',
    'python-cli | chores: title, due_date=date',
    ['log', 'jwt'],
  ],
  [
    'Simple Python command-line app where I can add books (title, isbn unique) and list them with --sort title. Exit with code 2 if the title is missing. Show --help.',
    'python-cli | books: title, isbn#',
  ],
  [
    'A small shell utility that keeps my wines with name, year and rating 1-5, with --json output and proper exit codes',
    'python-cli | wines: name, year=integer, rating=integer[1..5]',
  ],
  ['A Node CLI for hikes with name, length in km and walked on', 'node-cli | hikes: name, lengthInKm, walkedOn=date'],
  ['CLI in Haskell for hikes with name and length', 'none'],
  [
    'A Rust CLI for hikes with name, length in km and walked on',
    'rust-cli | hikes: name, length_in_km, walked_on=date',
  ],
  [
    'Write a small command line program in Rust to keep track of my vinyl records: artist (required), album, year between 1900 and 2100. Use clap and serde.',
    'rust-cli | vinyl-records: artist!, album, year=integer[1900..2100]',
    ['clap', 'serde'],
  ],
  [
    'rust terminal todo list with title, done and due date, sort by due date',
    'rust-cli | todos: title, done=boolean, due_date=date',
  ],
  ['Ein Kommandozeilenprogramm in Rust für Rezepte (Titel, Dauer, Typ)', 'rust-cli | rezepte: titel, dauer, typ'],
  [
    'A Rust tool that tracks loans: item, type, match, fn and struct',
    'rust-cli | loans: item, type, match, fn, struct',
  ],
  ['A REST API in Rust with actix for books with title', 'none'],
  ['rust cli', 'rust-cli | items', ['in mind']],
  ['Un outil en ligne de commande en Rust', 'rust-cli | items', ['in mind']],
  ['Un outil en ligne de commande en Rust pour gérer des livres (titre, auteur)', 'rust-cli | livres: titre, auteur'],
  [
    'Crée un outil en ligne de commande en Python pour des recettes avec titre et durée',
    'python-cli | recettes: titre, duree',
  ],
  ['Una herramienta de línea de comandos en Rust para libros (título, autor)', 'rust-cli | libros: titulo, autor'],
  ['A Rust CLI for notes with text (required) and tag', 'rust-cli | notes: text=text!, tag'],
];
