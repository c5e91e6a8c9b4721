import type { Check, CheckSpec } from '@devfactory/contracts';
import type { Outcome } from '../verify/outcome.ts';
import type { Reach } from './candidates.ts';
import type { Probed } from './reach.ts';
import { type Bench, tryOut } from './trial.ts';
import { type Variant, type Variants, variantsOf, withVariants } from './variants.ts';

/** A check as its mutants ask it, and what was seen of it on the tree as it is. */
export interface Subject {
  readonly check: Check;
  readonly bench: Bench;
  /** As locked; for tests with a null check beside it. */
  readonly spec: CheckSpec;
  readonly nullTests: Variant['tests'];
  readonly timeoutMs: number;
  /** Where it comes by; null when that could not be observed. */
  readonly reach: Reach;
  /** Tests that passed when they expected something else. */
  readonly agrees: readonly string[];
}

/** A run that takes longer than this many times the unchanged one hangs. */
const patience = 3;
const patienceMs = 3000;

/** Runs a check on a tree that notes what is executed, with its variants beside it; where that disturbs it, on the tree as it is. */
export async function observed(bench: Bench, spec: CheckSpec, probed: Probed | null): Promise<Subject> {
  const variants = spec.kind === 'test' ? await variantsOf(spec) : { nulls: [], twisted: null };
  return (
    (probed && (await seenOn(bench, spec, { variants, probed }))) ??
    (await seenOn(bench, spec, { variants, probed: null })) ?? {
      check: bench.check,
      bench,
      spec,
      nullTests: [],
      timeoutMs: bench.check.timeoutMs,
      reach: null,
      agrees: [],
    }
  );
}

/** Null when the check itself did not pass there. */
async function seenOn(
  bench: Bench,
  spec: CheckSpec,
  { variants, probed }: { readonly variants: Variants; readonly probed: Probed | null },
): Promise<Subject | null> {
  const began = performance.now();
  const { timeoutMs } = bench.check;
  const all = [...variants.nulls, ...(variants.twisted ? [variants.twisted] : [])];
  const asked = spec.kind === 'test' ? withVariants(spec, all) : spec;
  const ran = await tryOut(bench, { spec: asked, overlay: probed?.overlay ?? [], timeoutMs });
  if (!ran || !passedAll(ran.outcome, spec)) return null;
  const ids = passedIds(ran.outcome);
  const quiet = variants.nulls.find(({ tests }) => tests.every(({ id }) => ids.has(id)));
  return {
    check: bench.check,
    bench,
    spec: spec.kind === 'test' && quiet ? withVariants(spec, [quiet]) : spec,
    nullTests: quiet?.tests ?? [],
    timeoutMs: Math.min(timeoutMs, Math.round(patience * (performance.now() - began)) + patienceMs),
    reach: probed ? probed.read(ran.reach) : null,
    agrees: variants.twisted?.tests.filter(({ id }) => ids.has(id)).map(({ of }) => of) ?? [],
  };
}

/** Whether the check as it is locked passed, whatever its variants did. */
function passedAll(outcome: Outcome, spec: CheckSpec): boolean {
  if (spec.kind !== 'test') return outcome.verdict === 'passed';
  const ids = passedIds(outcome);
  return isUndisturbed(outcome) && spec.tests.every((id) => ids.has(id));
}

export function passedIds({ tests = [] }: Outcome): ReadonlySet<string> {
  return new Set(tests.filter((test) => test.outcome === 'passed').map(({ id }) => id));
}

/** False where the code bent its runner, hung or never got to its tests: then what is said about single tests means nothing. */
export function isUndisturbed({ verdict, cause }: Outcome): boolean {
  return verdict === 'passed' || cause === 'assertion';
}
