import type { DoctorCheck } from '@devfactory/contracts';

export function check(
  name: string,
  outcome: DoctorCheck['outcome'],
  said: { readonly found: string; readonly fix?: string },
): DoctorCheck {
  return { name, outcome, found: said.found, fix: said.fix ?? '' };
}
