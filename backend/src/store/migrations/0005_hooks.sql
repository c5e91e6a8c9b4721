-- Hooks of forges: stored before they are acknowledged, each taken once, whatever id it comes under.
create table hooks (
  id text primary key,
  digest text not null unique,
  event text not null,
  repository text not null,
  at timestamptz not null default now(),
  done boolean not null default false
);
create index hooks_waiting on hooks (at) where not done;

-- Runs with deliveries that something may still be said about.
create index run_events_of_deliveries on run_events (run_id, seq) include (type)
  where type in ('export.delivered', 'export.settled');
