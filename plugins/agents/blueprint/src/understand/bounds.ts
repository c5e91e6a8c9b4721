/** How much this agent reads and builds: its rules look at words many times over, on a thread that others share. */
export const bounds = {
  promptCharacters: 8_000,
  requirementCharacters: 1_000,
  feedbackCharacters: 2_000,
  requirements: 100,
  things: 12,
  fields: 24,
} as const;
