-- Since when its owner has it: what was stored since then may be about to be named by an event.
alter table runs add column lease_since timestamptz;

-- How far its log was read for blobs.
alter table runs add column indexed_seq integer not null default 0;

-- Which blobs a run's log names, packs of checkpoints included. An index: it can be made anew from the log.
create table blob_uses (
  run_id text not null references runs (id) on delete cascade,
  digest text not null,
  size bigint not null,
  primary key (run_id, digest)
);
create index blob_uses_by_digest on blob_uses (digest);

-- What is left of a deleted run.
create table tombstones (
  run_id text primary key,
  created_at timestamptz not null,
  deleted_at timestamptz not null default now(),
  deleted_by text not null,
  events integer not null,
  bytes bigint not null
);
create index tombstones_by_age on tombstones (deleted_at desc, run_id);

-- Facts are never changed. They go with their run alone, and only after its tombstone stands.
create or replace function refuse_event_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    if exists (select 1 from tombstones where tombstones.run_id = old.run_id) then
      return old;
    end if;
  end if;
  raise exception 'run_events is append-only' using errcode = 'restrict_violation';
end $$;
