/** style.css of a page: light and dark, and rows that become cards on small screens. */
export const style = `:root {
  color-scheme: light dark;
  --line: light-dark(#d0d4da, #444a52);
  --soft: light-dark(#f5f6f8, #1d2024);
  --accent: light-dark(#1a56c4, #8ab4ff);
  --on-accent: light-dark(#fff, #10151f);
  --wrong: light-dark(#b3261e, #ff9a92);
}

body {
  max-width: 60rem;
  margin: 0 auto;
  padding: 1rem;
  font: 1rem/1.5 system-ui, sans-serif;
}

section {
  margin-block: 2rem;
}

form,
.tools {
  display: grid;
  grid-template-columns: repeat(auto-fill, minmax(14rem, 1fr));
  gap: 0.5rem 1rem;
  align-items: start;
}

form {
  padding: 1rem;
  border: 1px solid var(--line);
  border-radius: 0.5rem;
  background: var(--soft);
}

form p,
.tools p {
  margin: 0;
}

.actions {
  grid-column: 1 / -1;
}

label {
  display: block;
}

.required label::after {
  content: ' *' / '';
  color: var(--wrong);
}

input,
select,
textarea,
button {
  padding: 0.4rem 0.6rem;
  border: 1px solid var(--line);
  border-radius: 0.3rem;
  font: inherit;
}

:is(input, select, textarea):not([type='checkbox']) {
  box-sizing: border-box;
  width: 100%;
}

.tick {
  display: flex;
  flex-wrap: wrap;
  gap: 0.5rem;
  align-items: center;
}

button[type='submit'] {
  border-color: var(--accent);
  background: var(--accent);
  color: var(--on-accent);
}

td button {
  margin-inline-end: 0.3rem;
}

:focus-visible {
  outline: 2px solid var(--accent);
  outline-offset: 2px;
}

[aria-invalid='true'] {
  border-color: var(--wrong);
}

.error,
[role='alert'] {
  color: var(--wrong);
}

.empty {
  padding: 2rem;
  border: 1px dashed var(--line);
  border-radius: 0.5rem;
  text-align: center;
}

table {
  width: 100%;
  margin-top: 1rem;
  border-collapse: collapse;
}

caption {
  position: absolute;
  overflow: hidden;
  width: 1px;
  height: 1px;
  clip-path: inset(50%);
}

th,
td {
  padding: 0.4rem 0.6rem;
  border-bottom: 1px solid var(--line);
  overflow-wrap: anywhere;
  text-align: start;
}

[hidden] {
  display: none;
}

@media (width < 45rem) {
  thead {
    display: none;
  }

  tr,
  td {
    display: block;
  }

  tr {
    margin-bottom: 1rem;
    border: 1px solid var(--line);
    border-radius: 0.5rem;
  }

  td:empty {
    display: none;
  }

  td[data-label]::before {
    content: attr(data-label) ': ';
    font-weight: 600;
  }
}
`;
