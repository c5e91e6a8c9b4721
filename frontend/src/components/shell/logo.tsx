export function Logo() {
  return (
    <svg aria-hidden="true" width="30" height="30" viewBox="0 0 32 32">
      <rect width="32" height="32" rx="8.5" className="fill-ink" />
      <path
        d="M9 8.5h14M9 8.5v15M9 15.5h9"
        fill="none"
        className="stroke-panel"
        strokeWidth="3"
        strokeLinecap="round"
      />
      <path
        d="m16 22.5 2.6 2.6 5-5.6"
        fill="none"
        className="stroke-panel"
        strokeWidth="2.4"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
