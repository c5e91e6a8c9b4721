import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { ZipFile } from 'yazl';

const here = fileURLToPath(new URL('.', import.meta.url));
/** Nothing of the machine goes into it: the same sources make the same bytes. */
const options = { mtime: new Date(1980, 0, 1), mode: 0o100644, forceDosTimestamp: true };

/** One file, so that it finds all it needs wherever it is unpacked. */
async function bundle() {
  const made = await rolldown({
    input: join(here, 'src/extension.ts'),
    external: (id) => id === 'vscode' || id.startsWith('node:'),
    platform: 'node',
    tsconfig: false,
    transform: { target: 'es2024', typescript: { onlyRemoveTypeImports: true } },
  });
  const { output } = await made.generate({ format: 'es' });
  await made.close();
  return output[0].code;
}

const manifest = JSON.parse(readFileSync(join(here, 'extension/package.json'), 'utf8'));
const zip = new ZipFile();
const add = (path, content) => zip.addBuffer(Buffer.from(content), path, options);
add(
  '[Content_Types].xml',
  '<?xml version="1.0" encoding="utf-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension=".js" ContentType="application/javascript"/><Default Extension=".json" ContentType="application/json"/><Default Extension=".svg" ContentType="image/svg+xml"/><Default Extension=".vsixmanifest" ContentType="text/xml"/></Types>\n',
);
add('extension.vsixmanifest', vsixManifest(manifest));
const unpacked = join(here, 'dist/unpacked');
mkdirSync(unpacked, { recursive: true });
const put = (name, content) => {
  add(`extension/${name}`, content);
  writeFileSync(join(unpacked, name), content);
};
for (const name of ['package.json', 'icon.svg']) put(name, readFileSync(join(here, 'extension', name)));
put('extension.js', await bundle());
zip.end();
writeFileSync(join(here, 'dist/devfactory.vsix'), await buffer(zip.outputStream));

/** What a .vsix says of itself beside the manifest of its extension. */
function vsixManifest({ name, publisher, version, displayName, description, engines }) {
  return `<?xml version="1.0" encoding="utf-8"?>
<PackageManifest Version="2.0.0" xmlns="http://schemas.microsoft.com/developer/vsx-schema/2011">
  <Metadata>
    <Identity Language="en-US" Id="${name}" Version="${version}" Publisher="${publisher}"/>
    <DisplayName>${displayName}</DisplayName>
    <Description xml:space="preserve">${description}</Description>
    <Properties><Property Id="Microsoft.VisualStudio.Code.Engine" Value="${engines.vscode}"/></Properties>
  </Metadata>
  <Installation><InstallationTarget Id="Microsoft.VisualStudio.Code"/></Installation>
  <Dependencies/>
  <Assets><Asset Type="Microsoft.VisualStudio.Code.Manifest" Path="extension/package.json" Addressable="true"/></Assets>
</PackageManifest>
`;
}
