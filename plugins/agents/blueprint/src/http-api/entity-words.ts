import type { Entity } from '../model/model.ts';

/** Path of one thing whose id was saved under a name. */
export const one = (entity: Entity, name = 'id'): string => `${entity.path}/\${${name}}`;
