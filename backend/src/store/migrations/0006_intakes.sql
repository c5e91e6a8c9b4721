-- Repositories whose issues may begin runs, as people switched it on.
create table intakes (
  repository text primary key,
  value jsonb not null,
  switched_by text not null,
  since timestamptz not null,
  -- What changed before was looked at.
  seen timestamptz not null,
  trouble text not null default ''
);

-- What was asked for there, each once, whatever told of it: written with the run that it began.
create table intake_asks (
  repository text not null,
  key text not null,
  ask jsonb not null,
  run_id text,
  sentence text not null,
  at timestamptz not null default now(),
  -- An answer at the issue is due while this is null.
  answer text,
  primary key (repository, key)
);
create index intake_asks_by_time on intake_asks (at desc);
create index intake_answers_due on intake_asks (at) where answer is null;
