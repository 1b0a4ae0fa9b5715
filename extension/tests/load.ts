/** Lets Node run the source as it is: TypeScript with JSX, paths without endings, icons, and fakes for the Lab's packages. */
import { existsSync, readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const here = new URL('./', import.meta.url);
const source = new URL('../src/', here).href;
const modules = new URL('../node_modules/', here);
const fake = (name: string): string => new URL(`fakes/${name}.ts`, here).href;
const ICONS = 'fake:icons';

/** What is faked; the Lab's own packages need a browser as soon as they are loaded. */
const FAKED: Readonly<Record<string, string>> = {
  '@jupyterlab/ui-components': ICONS,
  '@lumino/widgets': fake('lab'),
  '@lumino/datagrid': fake('datagrid'),
  'tus-js-client': new URL('tus-js-client/lib.esm/browser/index.js', modules).href,
  '@jupyterlab/services': new URL('@jupyterlab/services/lib/serverconnection.js', modules).href,
  '@jupyterlab/coreutils': new URL('@jupyterlab/coreutils/lib/index.js', modules).href
};

function addressOf(specifier: string, parent: string): string | undefined {
  if (/^react(\/jsx-runtime)?$/.test(specifier) && parent.startsWith(source)) {
    return fake(specifier === 'react' ? 'react' : 'jsx');
  }
  const known = FAKED[specifier];
  if (known !== undefined) {
    return known;
  }
  if (specifier.startsWith('@jupyterlab/') && !specifier.slice(12).includes('/')) {
    return fake('lab');
  }
  if (/^@lumino\/\w+$/.test(specifier)) {
    return new URL(`${specifier}/dist/index.es6.js`, modules).href;
  }
  if (specifier.startsWith('.') && parent.startsWith(source)) {
    return ['.ts', '.tsx', ''].map(end => new URL(specifier + end, parent)).find(url => existsSync(url))?.href;
  }
  return undefined;
}

/** Every icon that the Lab really has, as a part that draws its name. */
function icons(): string {
  const declared = readFileSync(new URL('@jupyterlab/ui-components/lib/icon/iconimports.d.ts', modules), 'utf8');
  const names = [...declared.matchAll(/const (\w+Icon)\b/g)].map(found => found[1] ?? '');
  const lines = names.map(name => `export const ${name} = new LabIcon({ name: '${name}' });`);
  return [`import { LabIcon } from '${fake('lab')}';`, `export * from '${fake('lab')}';`, ...lines].join('\n');
}

const compilerOptions = {
  jsx: ts.JsxEmit.ReactJSX,
  module: ts.ModuleKind.ESNext,
  target: ts.ScriptTarget.ES2022,
  inlineSourceMap: true
};

registerHooks({
  resolve(specifier, context, next) {
    const url = addressOf(specifier, context.parentURL ?? '');
    return url === undefined ? next(specifier, context) : { url, shortCircuit: true };
  },
  load(url, context, next) {
    if (url === ICONS) {
      return { format: 'module', source: icons(), shortCircuit: true };
    }
    if (url.endsWith('.svg')) {
      const text = JSON.stringify(readFileSync(new URL(url), 'utf8'));
      return { format: 'module', source: `export default ${text};`, shortCircuit: true };
    }
    if (url.startsWith(source)) {
      const fileName = fileURLToPath(url);
      const { outputText } = ts.transpileModule(readFileSync(fileName, 'utf8'), { compilerOptions, fileName });
      return { format: 'module', source: outputText, shortCircuit: true };
    }
    return url.endsWith('.es6.js') ? next(url, { ...context, format: 'module' }) : next(url, context);
  }
});

await import(fake('browser'));
