import { expect, test } from 'vitest';
import { egressFact, EgressSums } from './egress-sums.ts';

const decided = (host: string, allowed: boolean) => ({ host, port: 443, allowed });

test('decisions are summed by host, port and verdict, over several sandboxes', () => {
  const sums = new EgressSums();
  sums
    .add([decided('a.test', true), decided('b.test', false)])
    .add([decided('a.test', true), decided('a.test', false)]);
  expect(egressFact(sums.all())?.data.decisions).toEqual([
    { host: 'a.test', port: 443, allowed: true, count: 2 },
    { host: 'b.test', port: 443, allowed: false, count: 1 },
    { host: 'a.test', port: 443, allowed: false, count: 1 },
  ]);
});

test('a fact holds as many as an event takes and no endless name; of nothing there is none', () => {
  const many = Array.from({ length: 150 }, (_, index) => decided('x'.repeat(300 - index), true));
  const fact = egressFact(new EgressSums().add(many).all());
  expect(fact?.data.decisions).toHaveLength(100);
  expect(fact?.data.decisions[0]?.host).toHaveLength(253);
  expect(egressFact(new EgressSums().all())).toBeNull();
});
