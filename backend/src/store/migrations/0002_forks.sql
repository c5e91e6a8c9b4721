-- Runs that began with a checkpoint of another one.
create index runs_by_origin on runs ((summary -> 'forkedFrom' ->> 'runId')) where summary -> 'forkedFrom' is not null;
