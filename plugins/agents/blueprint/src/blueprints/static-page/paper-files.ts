import type { Model, ProjectFile } from '../../model/model.ts';
import { pageReadme } from '../../web-page/readme.ts';
import { licence } from '../licence.ts';

/** README, licence and what the tests need. */
export function paperFiles(model: Model): ProjectFile[] {
  return [
    {
      path: 'README.md',
      content: pageReadme(model, {
        madeWith: 'Plain HTML, CSS and JavaScript: nothing is built, and the page itself needs no package.',
        opening: opening(model),
        changing,
      }),
    },
    { path: 'LICENSE', content: licence },
    { path: '.gitignore', content: 'node_modules/\n*.log\n' },
    { path: 'package.json', content: packageJson(model) },
  ];
}

const opening = ({ port }: Model): string => `## Open it

Open \`public/index.html\` in a browser, or serve the folder:

\`\`\`sh
python3 -m http.server --directory public ${port}
\`\`\`

To publish it, upload the folder \`public\` to any web space.

## Test it

The tests open the page in jsdom and use it by its labels and buttons. They need Node 24 or newer:

\`\`\`sh
npm install
npm test
\`\`\`
`;

const changing = `\`public/index.html\` has the fields and their rules: \`required\`, \`data-kind\`, \`data-unique\`, \`data-least\`, \`data-most\` and
\`data-above\`. \`public/script.js\` reads them there and knows no field by name; a new field is a new \`<p>\` in the form and a new \`<th>\`.
\`data-store\` names the key in the browser's storage. Colours are at the top of \`public/style.css\`.
`;

function packageJson(model: Model): string {
  const value = {
    name: model.slug,
    version: '0.1.0',
    private: true,
    description: `Web page: ${model.title}`,
    license: 'MIT',
    type: 'module',
    engines: { node: '>=24' },
    scripts: { test: 'node --test "test/**/*.test.js"' },
    devDependencies: { jsdom: '31.0.1' },
  };
  return `${JSON.stringify(value, null, 2)}\n`;
}
