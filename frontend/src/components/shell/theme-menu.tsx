import { Menu } from '@base-ui/react/menu';
import { Check, Monitor, Moon, Sun } from 'lucide-react';
import { themes, useTheme, type Theme } from './theme.ts';

const faces: Record<Theme, { readonly label: string; readonly Icon: typeof Sun }> = {
  system: { label: 'As the system', Icon: Monitor },
  light: { label: 'Light', Icon: Sun },
  dark: { label: 'Dark', Icon: Moon },
};

export function ThemeMenu({ className }: { readonly className: string }) {
  const [theme, choose] = useTheme();
  const { Icon } = faces[theme];
  return (
    <Menu.Root modal={false}>
      <Menu.Trigger className={className} aria-label={`Theme: ${faces[theme].label}`}>
        <Icon aria-hidden="true" />
        Theme
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner side="right" align="end" sideOffset={6} className="z-50">
          <Menu.Popup className="min-w-44 rounded-lg border border-line bg-panel p-1 shadow-overlay outline-none">
            <Menu.RadioGroup value={theme} onValueChange={(value: Theme) => choose(value)}>
              {themes.map((value) => (
                <ThemeItem key={value} value={value} />
              ))}
            </Menu.RadioGroup>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

function ThemeItem({ value }: { readonly value: Theme }) {
  const { label, Icon } = faces[value];
  return (
    <Menu.RadioItem
      value={value}
      className="tap flex cursor-default items-center gap-2 rounded-md px-2.5 outline-none data-highlighted:bg-sunk"
    >
      <Icon aria-hidden="true" className="size-4 text-ink-2" />
      <span className="flex-1">{label}</span>
      <Menu.RadioItemIndicator>
        <Check aria-hidden="true" className="size-4 text-accent" />
      </Menu.RadioItemIndicator>
    </Menu.RadioItem>
  );
}
