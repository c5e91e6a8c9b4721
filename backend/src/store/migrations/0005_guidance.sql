-- What people declared for runs to follow.
create table guidance (
  kind text not null,
  name text not null,
  -- The one project it is for: a git address or the name of what was uploaded. Null: every run.
  project text,
  value json not null,
  updated_at timestamptz not null default now(),
  primary key (kind, name)
);

-- What people trust of projects' own files: these bytes at this place.
create table guidance_trust (
  project text not null,
  path text not null,
  hash text not null,
  trusted_by text not null,
  at timestamptz not null default now(),
  primary key (project, path, hash)
);
