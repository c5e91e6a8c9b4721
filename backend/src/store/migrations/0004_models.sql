-- How model providers are reached. Secrets are sealed with a key that is not in this database (data directory, model-key).
create table model_providers (
  id text primary key,
  fields json not null,
  sealed json not null,
  updated_at timestamptz not null default now()
);

-- What a person said a model costs and holds; goes before the tables that come along.
create table model_figures (
  ref text primary key,
  figures json not null
);

create table model_settings (
  name text primary key,
  value json not null
);

-- What was spent lately is read from the log itself.
create index run_events_spending on run_events (at) where type in ('model.called', 'model.answered', 'model.failed');
