import type { ExportRequest } from '@devfactory/kit';

/** Below GitHub's 65,536 characters. */
const longestBody = 60_000;
const longestPrompt = 4000;
const longestText = 300;

/** Title of one line, as GitHub takes it. */
export function pullRequestTitle(name: string): string {
  return plain(name).slice(0, 200).trim() || 'Result of a run';
}

/** What was asked, what is proven by which checks, and how to hold the branch against the proof. */
export function pullRequestBody(request: ExportRequest, gitTree: string): string {
  const { summary } = request.proof;
  const head = [
    ...quote(summary.prompt),
    '',
    `Exactly the approved source tree \`${request.tree.hash}\`; git knows it as tree \`${gitTree}\` (\`git rev-parse HEAD^{tree}\`).`,
    '',
    '| Requirement | Status | Evidence |',
    '| --- | --- | --- |',
  ];
  const foot = [
    '',
    `The proof travels beside the tree, never in it: download it from the delivery of run \`${request.runId}\` in AI DevFactory.`,
  ];
  const room = longestBody - [...head, ...foot].join('\n').length;
  return [...head, ...rows(summary.requirements, room), ...foot].join('\n');
}

function rows(requirements: ExportRequest['proof']['summary']['requirements'], room: number): string[] {
  const lines: string[] = [];
  let left = room - 100;
  for (const { id, text, status, checks } of requirements) {
    const evidence = checks.map(({ title, standing }) => `${cell(title)}: ${cell(standing)}`).slice(0, 10);
    const more = checks.length > evidence.length ? [`${checks.length - evidence.length} more`] : [];
    const line = `| ${cell(id)} ${cell(text)} | ${cell(status)} | ${[...evidence, ...more].join('<br>') || 'none'} |`;
    left -= line.length + 1;
    if (left < 0) return [...lines, `| ${requirements.length - lines.length} more, in the proof | | |`];
    lines.push(line);
  }
  return lines;
}

function quote(prompt: string): string[] {
  const cut = prompt.length > longestPrompt ? `${prompt.slice(0, longestPrompt).toWellFormed()}…` : prompt;
  return cut.split(/\r?\n/).map((line) => `> ${plain(line)}`);
}

function cell(text: string): string {
  return plain(text.length > longestText ? `${text.slice(0, longestText).toWellFormed()}…` : text);
}

/**
 * A text from people and agents as words alone: no markup, no pictures from elsewhere, nobody mentioned, no issue closed by its number.
 */
function plain(text: string): string {
  return (
    text
      // oxlint-disable-next-line no-control-regex -- control characters are what a line must not hold.
      .replaceAll(/[\u0000-\u001f\u007f]+/g, ' ')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll(/[\\`*_{}[\]()!|~]/g, (mark) => `\\${mark}`)
      // A character without width: GitHub links names, numbers and addresses in words, too.
      .replaceAll(/[@#]|:(?=\/\/)|\b(?=www\.|GH-\d)/gi, (mark) => `${mark}\u200b`)
  );
}
