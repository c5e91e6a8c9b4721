import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import type { ToldInIde } from '@devfactory/contracts';
import * as vscode from 'vscode';
import { links, pastProxy } from './links.ts';
import { readTold } from './told.ts';
import { checkpointLines, requirementLines, runLines, summary, type Line } from './trees.ts';

/** The factory writes it anew whenever the run goes on. */
const place = process.env['DEVFACTORY_TOLD'] ?? '';
const everyMs = 1_000;
const mostBytes = 1_000_000;

/** Called by VS Code, once. */
export function activate({ subscriptions }: vscode.ExtensionContext): void {
  let told: ToldInIde | null = null;
  const changed = new vscode.EventEmitter<undefined>();
  const bar = vscode.window.createStatusBarItem(vscode.StatusBarAlignment.Left, 100);
  bar.command = 'devfactory.open';
  const look = (): void => {
    told = readFile();
    if (told) {
      bar.text = `$(beaker) ${plain(summary(told))}`;
      bar.tooltip = `${told.run.name}: open in the console`;
      bar.show();
    } else bar.hide();
    changed.fire(undefined);
  };
  const tree = (id: string, linesOf: (now: ToldInIde) => readonly Line[]): vscode.Disposable =>
    vscode.window.registerTreeDataProvider<Line>(id, {
      onDidChangeTreeData: changed.event,
      getTreeItem: itemOf,
      getChildren: (line) => line?.lines ?? (told ? linesOf(told) : []),
    });
  const command = (id: string, pageOf: (now: ToldInIde) => string): vscode.Disposable =>
    vscode.commands.registerCommand(id, (given) => {
      if (told) return visit(typeof given === 'string' ? given : pageOf(told));
      return vscode.window.showInformationMessage('The factory has told nothing about this run yet.');
    });
  watchFile(place, { interval: everyMs }, look);
  look();
  subscriptions.push(
    bar,
    changed,
    { dispose: () => unwatchFile(place, look) },
    tree('devfactory.run', runLines),
    tree('devfactory.requirements', requirementLines),
    tree('devfactory.checkpoints', checkpointLines),
    command('devfactory.open', links.run),
    command('devfactory.approve', links.run),
    command('devfactory.preview', links.preview),
    command('devfactory.checkpoints', links.checkpoints),
    vscode.commands.registerCommand('devfactory.say', async () => {
      const words = await vscode.window.showInputBox({
        title: 'Say something to the run',
        prompt: 'The console opens with these words in its box; you send them there.',
        placeHolder: 'Correct the course or ask for more',
        ignoreFocusOut: true,
      });
      if (told && words !== undefined && words.trim() !== '') await visit(links.say(told, words));
    }),
  );
}

function readFile(): ToldInIde | null {
  try {
    const text = readFileSync(place, 'utf8');
    return text.length > mostBytes ? null : readTold(text);
  } catch {
    return null;
  }
}

function itemOf({ label, description, tooltip, icon, color, link, lines }: Line): vscode.TreeItem {
  const { None, Collapsed } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(plain(label), lines.length > 0 ? Collapsed : None);
  item.description = plain(description);
  item.tooltip = tooltip;
  if (icon !== '') item.iconPath = new vscode.ThemeIcon(icon, color === '' ? undefined : new vscode.ThemeColor(color));
  if (link !== null) item.command = { command: 'devfactory.open', title: 'Open in the console', arguments: [link] };
  return item;
}

function visit(page: string): Promise<boolean> {
  return vscode.env.openExternal(vscode.Uri.parse(pastProxy(page), true));
}

/** Names of icons in words of others are words. */
function plain(text: string): string {
  return text.replaceAll('$(', '$ (').replaceAll(/\s+/g, ' ');
}
