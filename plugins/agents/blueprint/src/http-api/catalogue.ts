import type { CheckProposal } from '@devfactory/contracts';
import type { Model } from '../model/model.ts';
import type { Behaviour } from '../requirements/behaviour.ts';
import type { Catalogue } from '../requirements/catalogue.ts';
import { authBehaviours } from './auth-behaviours.ts';
import { entityBehaviours } from './entity-behaviours.ts';
import { generalBehaviours } from './general-behaviours.ts';
import type { Made } from './papers.ts';

/** Everything that an HTTP API made of a model does. */
export function httpCatalogue(model: Model, { blueprint, papers }: Made): Catalogue {
  const things = model.entities.flatMap((entity) => entityBehaviours(entity, model));
  const all = [...generalBehaviours(model, { blueprint, papers }), ...authBehaviours(model, blueprint), ...things];
  const kept = all.filter((behaviour) => behaviour.key.endsWith('.persist'));
  const persist: Behaviour[] =
    kept.length === 0
      ? accountsPersist(all)
      : [
          {
            key: 'persist',
            statuses: [200],
            derived: true,
            text: 'When the API is restarted, it shall still have what was stored.',
            checks: kept.flatMap((behaviour) => behaviour.checks),
          },
        ];
  return new Map([...all, ...persist].map((behaviour) => [behaviour.key, behaviour]));
}

/** Where there are only accounts, they are what must survive. */
function accountsPersist(all: readonly Behaviour[]): Behaviour[] {
  const login = all.find((behaviour) => behaviour.key === 'auth.login')?.checks[0];
  if (login?.spec.kind !== 'http') return [];
  const [register, ...rest] = login.spec.exchanges;
  if (!register) return [];
  const check: CheckProposal = {
    ...login,
    title: 'an account survives a restart',
    spec: { ...login.spec, exchanges: [register, { do: 'restart' }, ...rest] },
  };
  return [
    {
      key: 'persist',
      statuses: [200],
      derived: true,
      text: 'When the API is restarted, it shall still have the accounts that were registered.',
      checks: [check],
    },
  ];
}
