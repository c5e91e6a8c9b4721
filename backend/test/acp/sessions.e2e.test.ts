import type { RunState } from '@devfactory/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { OwnAgentStage, why } from './own-agent-stage.ts';

describe.skipIf(why !== null)(
  `the session of an outside agent${why ? ` (skipped: ${why})` : ''}`,
  { timeout: 240_000 },
  () => {
    let stage: OwnAgentStage;
    beforeAll(async () => {
      stage = await OwnAgentStage.start();
      await stage.add('loads', '--load');
      await stage.add('plain');
    });
    afterAll(() => stage?.end());

    /** Plans, waits with its sandbox closed, and goes on in another one. */
    async function ranWithApproval(agent: string): Promise<RunState> {
      const id = await stage.begun(agent, 'honest', { autonomy: 'approve-plan' });
      await stage.factory.until(id, ({ stage: at }) => at.name === 'waiting', 120_000);
      await stage.factory.command(id, { do: 'approve-plan', version: 1 });
      return stage.factory.until(id, ({ stage: at }) => at.name === 'waiting' && at.for === 'review', 120_000);
    }

    test('is taken up where the agent can do that, and what it tells again of before holds nothing up', async () => {
      const state = await ranWithApproval('loads');
      expect(state.stage).toMatchObject({ name: 'waiting', for: 'review' });
      const diary = await stage.diaryOf(state.id, 'loads');
      expect(diary.trim().split('\n')).toEqual(['new session', 'told all, mode:honest', 'load s', 'told news']);
      expect(JSON.stringify(state.steps)).not.toContain('Old words.');
      expect(state.steps.flatMap(({ calls }) => calls.map(({ title }) => title))).not.toContain('edit Old');
    });

    test('is begun anew with all that was before where it cannot', async () => {
      const state = await ranWithApproval('plain');
      expect(state.evidence.map(({ verdict }) => verdict)).toContain('passed');
    });

    test('has the servers of tools and the instructions that people declared, and hears of others when they change', async () => {
      const declare = (guidance: object) => stage.factory.ask('/api/guidance', { json: guidance });
      const servers = { mcpServers: { files: { command: 'node', args: ['server.mjs'], env: { MARK: 'here' } } } };
      await declare({ kind: 'servers', name: 'tools', text: JSON.stringify(servers) });
      await declare({ kind: 'instructions', name: 'house', text: 'Use tabs, MARK-TABS.' });
      const id = await stage.begun('plain', 'tools', { autonomy: 'approve-plan' });
      await stage.factory.until(id, ({ stage: at }) => at.name === 'waiting', 120_000);
      await stage.factory.command(id, { do: 'approve-plan', version: 1 });
      const state = await stage.factory.until(
        id,
        ({ stage: at }) => at.name === 'waiting' && at.for === 'review',
        120_000,
      );
      expect(JSON.parse(await stage.fileOf(state, 'tools.json'))).toEqual([
        { name: 'files', command: 'node', args: ['server.mjs'], env: [{ name: 'MARK', value: 'here' }] },
      ]);
      expect(await stage.fileOf(state, 'told.txt')).toContain('MARK-TABS');

      await declare({ kind: 'instructions', name: 'house', text: 'Use spaces, MARK-SPACES.' });
      await stage.factory.ask('/api/guidance/forget', { json: { kind: 'servers', name: 'tools' } });
      await stage.factory.command(id, { do: 'feedback', text: 'Once more, mode:tools', mode: 'queue' });
      const again = await stage.factory.until(
        id,
        ({ stage: at, head }) => at.name === 'waiting' && at.for === 'review' && head !== state.head,
        120_000,
      );
      expect(JSON.parse(await stage.fileOf(again, 'tools.json'))).toEqual([]);
      expect(await stage.fileOf(again, 'told.txt')).toContain('MARK-SPACES');
    });

    test('asks a person once for what they allow always, and what they reject is not done', async () => {
      const agentOptions = { permissions: { edit: 'ask' } };
      const always = await answered(await stage.begun('plain', 'honest', { agentOptions }), 'Allow always');
      expect(always.asked).toEqual([
        'PLAIN asks: may it edit: Write hello.mjs',
        'PLAIN asks: may it edit: Write notes.md',
      ]);
      expect(always.state.stage).toEqual({ name: 'delivered' });
      const rejected = await answered(await stage.begun('plain', 'honest', { agentOptions }), 'Reject');
      expect(rejected.state.stage).toMatchObject({ name: 'waiting', for: 'review' });
      expect(rejected.state.steps.flatMap(({ checkpointId }) => checkpointId ?? [])).toEqual([]);
      expect(rejected.state.steps.flatMap(({ calls }) => calls.map(({ outcome }) => outcome))).not.toContain('running');
    });

    test('is not begun with options that say nothing', async () => {
      const answer = await stage.factory.ask('/api/runs', {
        json: { prompt: 'x', agent: 'plain', agentOptions: { permissions: { edit: 'perhaps' } } },
      });
      expect(answer).toMatchObject({ status: 422, json: { code: 'invalid_agent_options' } });
    });

    async function answered(id: string, word: string): Promise<{ asked: string[]; state: RunState }> {
      const asked: string[] = [];
      let state = await stage.settled(id);
      while (state.stage.name === 'waiting' && state.stage.for === 'answer' && asked.length < 6) {
        const open = state.questions.find((item) => item.answer === null);
        asked.push(open?.question ?? '');
        await stage.factory.command(id, { do: 'answer', questionId: open?.id, answer: word });
        await stage.factory.until(id, ({ questions }) => questions.every((item) => item.answer !== null));
        state = await stage.settled(id);
      }
      return { asked, state };
    }
  },
);
