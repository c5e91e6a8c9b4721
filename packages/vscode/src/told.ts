import type { ToldInIde } from '@devfactory/contracts';

/**
 * What the factory told, of a text that anything in this sandbox may have written: null for what is none. It is shown as plain text and
 * decides nothing, and its address is taken only if a browser would open it as a page.
 */
export function readTold(text: string): ToldInIde | null {
  let told: unknown;
  try {
    told = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isRecord(told) || told['version'] !== 1 || !isPage(told['page'])) return null;
  const lists = [told['requirements'], told['checkpoints']];
  if (!areWords(told['run'], ['name', 'stage', 'tone']) || !lists.every((list) => Array.isArray(list))) return null;
  const [requirements = [], checkpoints = []] = lists as readonly (readonly unknown[])[];
  if (!requirements.every(isRequirement)) return null;
  if (!checkpoints.every((item) => areWords(item, ['id', 'label', 'changed']))) return null;
  return told as ToldInIde;
}

function isRequirement(value: unknown): boolean {
  if (!areWords(value, ['id', 'text', 'status'])) return false;
  const checks: unknown = value['checks'];
  return Array.isArray(checks) && checks.every((check) => areWords(check, ['title', 'standing']));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function areWords(value: unknown, names: readonly string[]): value is Record<string, unknown> {
  return isRecord(value) && names.every((name) => typeof value[name] === 'string');
}

function isPage(value: unknown): boolean {
  return typeof value === 'string' && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);
}
