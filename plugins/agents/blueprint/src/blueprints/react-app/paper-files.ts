import type { Model, ProjectFile } from '../../model/model.ts';
import { escaped } from '../../web-page/catalogue.ts';
import { pageReadme } from '../../web-page/readme.ts';
import { licence } from '../licence.ts';

/** README, licence, package.json and the like. */
export function paperFiles(model: Model): ProjectFile[] {
  return [
    {
      path: 'README.md',
      content: pageReadme(model, {
        madeWith: 'React and TypeScript, built with Vite.',
        opening: opening(model),
        changing,
      }),
    },
    { path: 'LICENSE', content: licence },
    { path: '.gitignore', content: 'node_modules/\ndist/\n.vite/\n.env\n*.log\n' },
    { path: '.env.example', content: `# Port of the development server.\nPORT=${model.port}\n` },
    { path: 'package.json', content: packageJson(model) },
    { path: 'tsconfig.json', content: tsconfig },
    { path: 'vite.config.ts', content: viteConfig(model) },
    { path: 'index.html', content: indexHtml(model) },
  ];
}

const opening = ({ port }: Model): string => `## Open it

It needs Node 24 or newer.

\`\`\`sh
npm install
npm run dev
\`\`\`

It is at http://localhost:${port} then; \`PORT\` in the environment or in \`.env\` names another port. \`npm run build\` checks the types and
writes \`dist\`, which any web space serves; \`npm run preview\` shows it here.

## Test it

\`\`\`sh
npm test
\`\`\`
`;

const changing = `\`src/things.ts\` has the things, their fields and rules; the form, the list and the checks read them there. \`src/validate.ts\` says what is
wrong with a value, \`src/find.ts\` searches and sorts, \`src/use-records.ts\` keeps it in the browser. Colours are at the top of \`src/style.css\`.
`;

/** Node reads the configuration itself: nothing is written into node_modules, which a build may find read-only. */
export const loader = '--configLoader native';

function packageJson(model: Model): string {
  const value = {
    name: model.slug,
    version: '0.1.0',
    private: true,
    description: `Web app: ${model.title}`,
    license: 'MIT',
    type: 'module',
    engines: { node: '>=24' },
    scripts: {
      dev: `vite ${loader}`,
      build: `tsc && vite build ${loader}`,
      preview: `vite preview ${loader}`,
      test: `vitest run ${loader}`,
    },
    dependencies: { react: '19.3.1', 'react-dom': '19.3.1' },
    devDependencies: {
      '@testing-library/dom': '10.4.2',
      '@testing-library/react': '16.3.3',
      '@types/react': '19.3.0',
      '@types/react-dom': '19.3.0',
      '@vitejs/plugin-react': '6.3.0',
      jsdom: '31.0.1',
      typescript: '5.9.3',
      vite: '8.3.8',
      vitest: '5.1.1',
    },
  };
  return `${JSON.stringify(value, null, 2)}\n`;
}

const tsconfig = `${JSON.stringify(
  {
    compilerOptions: {
      target: 'ES2023',
      lib: ['ES2023', 'DOM', 'DOM.Iterable'],
      module: 'ESNext',
      moduleResolution: 'bundler',
      jsx: 'react-jsx',
      types: ['vite/client'],
      strict: true,
      noUncheckedIndexedAccess: true,
      noUnusedLocals: true,
      noUnusedParameters: true,
      verbatimModuleSyntax: true,
      allowImportingTsExtensions: true,
      skipLibCheck: true,
      noEmit: true,
    },
    include: ['src', 'test'],
  },
  null,
  2,
)}\n`;

const viteConfig = (model: Model): string => `import react from '@vitejs/plugin-react';
import { loadEnv } from 'vite';
import { defineConfig } from 'vitest/config';

export default defineConfig(({ mode }) => ({
  // Relative, so that the build works in any folder of a web space.
  base: './',
  cacheDir: '.vite',
  plugins: [react()],
  server: { port: Number(loadEnv(mode, '.', 'PORT').PORT ?? ${model.port}) },
  test: { environment: 'jsdom', include: ['test/**/*.test.{ts,tsx}'] },
}));
`;

const indexHtml = (model: Model): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>${escaped(model.title)}</title>
    <link rel="icon" href="data:," />
  </head>
  <body>
    <div id="root"></div>
    <noscript>This page needs JavaScript.</noscript>
    <script type="module" src="/src/main.tsx"></script>
  </body>
</html>
`;
