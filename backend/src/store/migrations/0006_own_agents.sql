-- Agents that people set up themselves: a command that speaks the Agent Client Protocol.
create table own_agents (
  id text primary key,
  value json not null,
  updated_at timestamptz not null default now()
);
