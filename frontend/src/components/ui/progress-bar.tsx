/** How much of something is done. In the accent: green is for evidence. Without `value` it only says that something goes on. */
export function ProgressBar({
  label,
  value,
  max = 1,
}: {
  readonly label: string;
  readonly value?: number | undefined;
  readonly max?: number;
}) {
  return (
    <progress
      aria-label={label}
      {...(value === undefined ? {} : { value, max })}
      className="h-1.5 w-72 max-w-full appearance-none overflow-hidden rounded-full bg-sunk [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-line [&::-webkit-progress-value]:bg-accent"
    />
  );
}
