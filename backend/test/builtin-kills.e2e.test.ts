import { testKills } from './builtin-kills.ts';

testKills(
  'a run with a model that is killed at every tenth of its events ends proven, with nothing asked or done twice',
  {
    from: [7],
    stride: 10,
  },
);
