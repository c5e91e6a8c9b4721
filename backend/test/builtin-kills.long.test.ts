import { testKills } from './builtin-kills.ts';

// Eight runs: together they are killed at each event of a run, and again after it.
testKills('a run with a model that is killed at each of its events ends proven, with nothing asked or done twice', {
  from: [1, 2, 3, 4, 5, 6, 7, 8],
  stride: 8,
});
