import { editSentence, type Actor, type RunEvent } from '@devfactory/contracts';
import { counted } from '../../words/format.ts';
import type { Shape, Tone } from '../../words/tone.ts';

/** An event that is told in one line. */
export interface Fact {
  readonly title: string;
  readonly text?: string;
  readonly tone: Tone;
  readonly shape: Shape;
  /** True for a wait, which reads otherwise once it is over. */
  readonly wait?: true;
}

const baseWords = {
  conflict: 'The base went on and conflicts: it is taken in',
  behind: 'The base went on and has to be taken in',
  asked: 'The base is taken in',
} as const;

const arrivalLooks = {
  passed: { tone: 'ok', shape: 'disc' },
  failed: { tone: 'bad', shape: 'square' },
  inconclusive: { tone: 'warn', shape: 'ring' },
} as const;

/** The line for an event; null for those that other rows or other places show. */
export function factOf(event: RunEvent): Fact | null {
  switch (event.type) {
    case 'requirement.reworded':
      return said(event.actor, `reworded ${event.data.id}`, event.data.text);
    case 'requirement.removed':
      return said(event.actor, `removed ${event.data.id}`);
    case 'requirement.waived':
      return { ...said(event.actor, `waived ${event.data.id}`, event.data.reason), shape: 'struck' };
    case 'requirement.accepted':
      return {
        ...said(event.actor, `accepted ${event.data.id} by hand`, event.data.reason),
        shape: 'signed',
        tone: 'run',
      };
    case 'requirement.declined':
      return {
        title: `The agent cannot meet ${event.data.id}`,
        text: event.data.reason,
        tone: 'warn',
        shape: 'corner',
      };
    case 'plan.proposed':
      return { title: `Plan ${event.data.version} proposed`, text: event.data.summary, tone: 'none', shape: 'ring' };
    case 'plan.approved':
      return {
        title: `Plan ${event.data.version} approved`,
        text: `${counted(event.data.checks.length, 'check')} locked; nothing in the workspace can change them.`,
        tone: 'ok',
        shape: 'disc',
      };
    case 'check.held-out':
      if (event.data.model !== null)
        return {
          title: `${event.data.model} held ${event.data.check.id} out for ${event.data.check.requirementId}`,
          text: event.data.check.title,
          tone: 'none',
          shape: 'disc',
        };
      return said(
        event.actor,
        `held ${event.data.check.id} out for ${event.data.check.requirementId}`,
        event.data.check.title,
      );
    case 'check.held-out-asked':
      return event.data.sentence === ''
        ? null
        : {
            title: `${event.data.model} held nothing out for ${event.data.requirementId}`,
            text: event.data.sentence,
            tone: 'none',
            shape: 'ring',
          };
    case 'check.held-out-dropped':
      return said(event.actor, `dropped ${event.data.id}`);
    case 'guidance.trusted':
      return event.actor.kind === 'person'
        ? said(
            event.actor,
            `trusted ${event.data.path}`,
            `The agent follows it as long as it is ${event.data.hash.slice(0, 12)}.`,
          )
        : { title: `${event.data.path} is as you trusted it`, tone: 'none', shape: 'signed' };
    case 'server.listed':
      return event.data.trouble === ''
        ? {
            title: `Server ${event.data.name} offers ${counted(event.data.tools, 'tool')}`,
            tone: 'none',
            shape: 'disc',
          }
        : { title: `Server ${event.data.name} has no tools`, text: event.data.trouble, tone: 'warn', shape: 'corner' };
    case 'guidance.distrusted':
      return said(event.actor, `took back the trust in ${event.data.path}`);
    case 'file.changed':
      return said(event.actor, editSentence(event.data));
    case 'plan.returned':
      return said(event.actor, 'sent the plan back', event.data.feedback);
    case 'turn.ended':
      return turnEnd(event.data.outcome, event.data.summary);
    case 'question.answered':
      return said(event.actor, 'answered', event.data.answer);
    case 'checkpoint.restored':
      return {
        title: event.data.paths
          ? `${counted(event.data.paths.length, 'path')} brought back as at ${event.data.checkpointId}`
          : `Workspace brought back to ${event.data.checkpointId}`,
        ...(event.data.paths ? { text: event.data.paths.slice(0, 10).join(', ') } : {}),
        tone: 'run',
        shape: 'disc',
      };
    case 'restore.failed':
      return {
        title: `${event.data.checkpointId} was not restored`,
        text: event.data.reason,
        tone: 'bad',
        shape: 'square',
      };
    case 'agent.installing':
      return { title: `Fetching ${event.data.package} ${event.data.version} from npm`, tone: 'run', shape: 'clock' };
    case 'agent.installed':
      return { title: `${event.data.package} is here`, tone: 'ok', shape: 'disc' };
    case 'workspace.lost':
      return {
        title: 'The workspace’s files are not on this machine',
        text: `They come back from ${event.data.checkpointId}.`,
        tone: 'warn',
        shape: 'clock',
      };
    case 'restore.requested':
      return said(event.actor, `asked to restore ${event.data.checkpointId}`);
    case 'workspace.opened':
      return event.data.notEnforced.length === 0
        ? null
        : {
            title: 'Not every limit is enforced on this machine',
            text: event.data.notEnforced.join(' · '),
            tone: 'warn',
            shape: 'corner',
          };
    case 'egress.decided':
      return denied(event.data.decisions);
    case 'limit.reached':
      return { title: 'A limit was reached', text: event.data.sentence, tone: 'warn', shape: 'square' };
    default:
      return ending(event);
  }
}

function ending(event: RunEvent): Fact | null {
  switch (event.type) {
    case 'wait.began':
      return { title: 'Waits for you', text: event.data.sentence, tone: 'warn', shape: 'corner', wait: true };
    case 'result.approved':
      return said(
        event.actor,
        `approved the result of ${event.data.checkpointId}`,
        event.data.notProven.length > 0 ? `Not proven: ${event.data.notProven.join(', ')}` : 'Everything proven.',
      );
    case 'export.delivered':
      return { title: 'Delivered', text: event.data.location, tone: 'ok', shape: 'disc' };
    case 'export.checked': {
      const { verdict, sentence } = event.data.arrival;
      return { title: 'Read back', text: sentence, ...arrivalLooks[verdict] };
    }
    case 'export.settled':
      return { title: `The pull request was ${event.data.outcome}`, tone: 'none', shape: 'disc' };
    case 'base.advanced':
      return { title: baseWords[event.data.why], tone: 'none', shape: 'clock' };
    case 'base.taken':
      return event.data.conflicts.length === 0
        ? {
            title: `${event.data.branch} was taken in`,
            text: 'A new tree: it is verified and approved anew.',
            tone: 'none',
            shape: 'disc',
          }
        : {
            title: `${event.data.branch} was taken in, with conflicts`,
            text: event.data.conflicts.join(', '),
            tone: 'warn',
            shape: 'square',
          };
    case 'base.refused':
      return { title: 'The base was not taken in', text: event.data.reason, tone: 'bad', shape: 'square' };
    case 'secret.waived':
      return said(
        event.actor,
        `let pass what looks like secrets at ${counted(event.data.places.length, 'place')}`,
        event.data.reason,
      );
    case 'export.failed':
      return { title: 'The delivery failed', text: event.data.reason, tone: 'bad', shape: 'square' };
    case 'run.paused':
      return said(event.actor, 'paused the run');
    case 'run.resumed':
      return said(event.actor, 'resumed the run');
    case 'run.archived':
      return said(event.actor, 'archived the run', 'Log and proof are kept, and pinned checkpoints.');
    case 'run.cancelled':
      return said(event.actor, 'cancelled the run', 'Log, checkpoints and evidence are kept.');
    case 'run.failed':
      return { title: 'The run stopped on a fault', text: event.data.reason, tone: 'bad', shape: 'square' };
    case 'run.finished':
      return {
        title: event.data.outcome === 'delivered' ? 'Finished, delivered' : 'Finished without a delivery',
        text: event.data.sentence,
        tone: event.data.outcome === 'delivered' ? 'ok' : 'none',
        shape: event.data.outcome === 'delivered' ? 'disc' : 'ring',
      };
    default:
      return null;
  }
}

function said(actor: Actor, what: string, text?: string): Fact {
  const who = actor.kind === 'person' ? 'You' : actor.kind === 'agent' ? 'The agent' : 'The factory';
  return { title: `${who} ${what}`, ...(text ? { text } : {}), tone: 'none', shape: 'disc' };
}

function turnEnd(outcome: 'finished' | 'asked' | 'exhausted' | 'failed' | 'stopped', summary: string): Fact | null {
  if (outcome === 'asked' || outcome === 'stopped') return null;
  if (outcome === 'finished')
    return {
      title: 'The agent says it is done',
      text: summary || 'Its word proves nothing; the verifier decides.',
      tone: 'none',
      shape: 'ring',
    };
  return {
    title: outcome === 'exhausted' ? 'The agent used up its steps' : 'The agent’s turn failed',
    text: summary,
    tone: 'bad',
    shape: 'square',
  };
}

function denied(
  decisions: readonly {
    readonly host: string;
    readonly port: number;
    readonly allowed: boolean;
    readonly count: number;
  }[],
): Fact | null {
  const refused = decisions.filter((item) => !item.allowed);
  if (refused.length === 0) return null;
  const hosts = refused.map((item) => `${item.host}:${item.port}${item.count > 1 ? ` (${item.count} times)` : ''}`);
  return {
    title: `Refused to let it reach ${counted(refused.length, 'host')}`,
    text: hosts.join(', '),
    tone: 'warn',
    shape: 'square',
  };
}
