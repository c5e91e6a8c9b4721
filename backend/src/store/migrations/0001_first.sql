-- The truth: facts that were, in order. `data` is json and not jsonb because jsonb cannot hold the NUL characters and
-- lone surrogates that programs print; nothing ever looks into it by SQL.
create table run_events (
  run_id text not null,
  seq integer not null check (seq > 0),
  at timestamptz not null,
  type text not null,
  actor json not null,
  data json not null,
  -- Which append wrote it: a worker that lost its connection during commit finds out whether it had committed.
  batch uuid not null,
  primary key (run_id, seq)
);

create function refuse_event_change() returns trigger language plpgsql as $$
begin
  raise exception 'run_events is append-only' using errcode = 'restrict_violation';
end $$;

create trigger run_events_are_immutable before update or delete on run_events
  for each row execute function refuse_event_change();
create trigger run_events_are_kept before truncate on run_events
  for each statement execute function refuse_event_change();

-- One row per run: its place in the log, who may write as its owner, and a projection for lists.
create table runs (
  id text primary key,
  name text not null,
  seq integer not null,
  epoch bigint not null default 0,
  lease_owner text,
  lease_until timestamptz,
  -- A worker must look at the run. `wakes` counts what asked for it, so that nothing said meanwhile is overlooked.
  needs_work boolean not null default true,
  wakes bigint not null default 1,
  attempts integer not null default 0,
  not_before timestamptz not null default '-infinity',
  stage text not null,
  -- Name and start of the prompt in lower case.
  search text not null,
  summary json not null,
  upload_id text,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index runs_by_age on runs (created_at desc, id desc);
create index runs_by_change on runs (updated_at);
create index runs_awake on runs (not_before) where needs_work;
create index runs_leased on runs (lease_owner) where lease_owner is not null;
alter table run_events add foreign key (run_id) references runs (id) deferrable initially deferred;

create table uploads (
  id text primary key,
  bytes bigint not null,
  files integer not null,
  created_at timestamptz not null default now()
);

-- Only hashes of what opens a door: a reader of this table cannot go through it.
create table sessions (
  hash text primary key,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create table login_tokens (
  hash text primary key,
  expires_at timestamptz not null
);
