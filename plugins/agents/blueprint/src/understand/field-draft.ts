import type { FieldType } from '../model/model.ts';

/** A field as far as the texts say; what they leave open is settled when all of them are read. */
export interface FieldDraft {
  /** As the person wrote it: 'published year'. */
  label: string;
  type: FieldType | null;
  required: boolean | null;
  unique: boolean;
  min: number | null;
  /** The smallest value itself is refused: 'greater than 0'. */
  minOpen: boolean;
  max: number | null;
  choices: readonly string[];
  /** Words of its declaration that were not understood. */
  odd: readonly string[];
}

export function draftOf(label: string): FieldDraft {
  return {
    label,
    type: null,
    required: null,
    unique: false,
    min: null,
    minOpen: false,
    max: null,
    choices: [],
    odd: [],
  };
}
