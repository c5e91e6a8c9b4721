/** The part of VS Code's API that is used here. */
declare module 'vscode' {
  interface Disposable {
    dispose(): unknown;
  }
  interface Uri {
    readonly scheme: string;
  }
  const Uri: { parse(text: string, strict?: boolean): Uri };
  class EventEmitter<T> implements Disposable {
    readonly event: (listener: (what: T) => unknown) => Disposable;
    fire(what: T): void;
    dispose(): void;
  }
  interface ThemeColor {
    readonly id: string;
  }
  const ThemeColor: new (id: string) => ThemeColor;
  interface ThemeIcon {
    readonly id: string;
  }
  const ThemeIcon: new (id: string, color?: ThemeColor) => ThemeIcon;
  class TreeItem {
    constructor(label: string, collapsible: number);
    description?: string;
    tooltip?: string;
    iconPath?: ThemeIcon;
    command?: { readonly command: string; readonly title: string; readonly arguments: readonly unknown[] };
  }
  interface TreeDataProvider<T> {
    readonly onDidChangeTreeData: (listener: (what: undefined) => unknown) => Disposable;
    getTreeItem(element: T): TreeItem;
    getChildren(element?: T): readonly T[];
  }
  interface StatusBarItem extends Disposable {
    text: string;
    tooltip: string;
    command: string;
    show(): void;
    hide(): void;
  }
  interface ExtensionContext {
    readonly subscriptions: Disposable[];
  }
  const TreeItemCollapsibleState: { readonly None: 0; readonly Collapsed: 1 };
  const StatusBarAlignment: { readonly Left: 1 };
  const commands: { registerCommand(id: string, act: (...given: readonly unknown[]) => unknown): Disposable };
  const env: { openExternal(page: Uri): Promise<boolean> };
  const window: {
    registerTreeDataProvider<T>(id: string, provider: TreeDataProvider<T>): Disposable;
    createStatusBarItem(alignment: 1, priority: number): StatusBarItem;
    showInputBox(options: {
      readonly title: string;
      readonly prompt: string;
      readonly placeHolder: string;
      readonly ignoreFocusOut: boolean;
    }): Promise<string | undefined>;
    showInformationMessage(message: string): Promise<unknown>;
  };
}
