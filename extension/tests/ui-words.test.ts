import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import ts from 'typescript';
import { TIMETABLES } from '../src/words/cron.ts';
import { Command } from '../src/tokens.ts';

const root = new URL('../', import.meta.url);
const names = readdirSync(new URL('src/', root), { recursive: true, encoding: 'utf8' }).filter(
  name => /\.tsx?$/.test(name) && !name.endsWith('.d.ts') && name !== 'api/types.ts'
);

interface Text {
  file: string;
  text: string;
  /** The name of the property or attribute that it is the value of. */
  of: string;
}

/** Every text that the source can show: literals, the parts of templates, and what stands between tags. */
function textsOf(file: string): Text[] {
  const source = ts.createSourceFile(file, readFileSync(new URL(`src/${file}`, root), 'utf8'), ts.ScriptTarget.ES2022, true, ts.ScriptKind.TSX);
  const found: Text[] = [];
  const visit = (node: ts.Node, of: string): void => {
    if (ts.isImportDeclaration(node)) {
      return;
    }
    const inner = ts.isPropertyAssignment(node) || ts.isJsxAttribute(node) ? node.name.getText() : of;
    if (ts.isStringLiteralLike(node) || ts.isJsxText(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)) {
      found.push({ file, text: node.text.trim(), of: inner });
    }
    node.forEachChild(child => visit(child, inner));
  };
  visit(source, '');
  return found.filter(({ text }) => text !== '');
}

const all = names.flatMap(textsOf);
const spoken = all.filter(({ text }) => /[A-Za-z]{2,} [a-z]/.test(text));
const SHOWN = new Set(['label', 'caption', 'title', 'okLabel', 'aria-label', 'placeholder', 'words', 'displayName']);
const OWN = /\b(SQL|CSV|JSON|Parquet|Lab|Enter|Monday|Lake|I)\b/g;

/** Texts of which the rule does not hold, for the message of a failure. */
const offending = (texts: readonly Text[], isBad: (text: string) => boolean): string[] =>
  texts.filter(({ text }) => isBad(text)).map(({ file, text }) => `${file}: ${text}`);

describe('the words of the panel', () => {
  it('are found at all', () => {
    assert.ok(names.length > 40, String(names.length));
    assert.ok(spoken.some(({ text }) => text === 'Reading the list of tables…'));
    assert.ok(spoken.some(({ text }) => text.startsWith('A file dropped here becomes')));
    assert.deepEqual(offending([{ file: 'x', text: 'Oh no!', of: '' }], text => text.includes('!')), ['x: Oh no!']);
  });

  it('do not shout', () => {
    assert.deepEqual(offending(spoken, text => text.includes('!')), []);
    assert.deepEqual(offending(spoken, text => /\b[A-Z]{3,}\b/.test(text.replace(/\b(SQL|CSV|TSV|JSON|SELECT|FROM|LIMIT)\b/g, ''))), []);
  });

  it('do not boast, apologize or blame', () => {
    assert.deepEqual(offending(all, text => /success(ful|fully)\b|\b(sorry|oops|please|unfortunately|invalid|illegal)\b/i.test(text)), []);
  });

  it('have a real ellipsis, and quotes that open and close', () => {
    assert.deepEqual(offending(spoken, text => text.includes('...')), []);
    assert.deepEqual(offending(spoken, text => /[a-z]'(s|t)\b/.test(text)), []);
  });

  it('are in sentence case wherever they are a label, a title or a caption', () => {
    const labels = spoken.filter(({ of }) => SHOWN.has(of));
    assert.ok(labels.length > 40, String(labels.length));
    assert.deepEqual(offending(labels, text => /\s[A-Z][a-z]/.test(text.replace(OWN, 'x').replace(/[.:] [A-Z]/g, 'x'))), []);
    assert.deepEqual([...TIMETABLES.keys()].filter(words => /\s[A-Z]/.test(words.replace('Monday', 'x'))), []);
  });

  it('say what is waited for, ending in an ellipsis', () => {
    const waits = all.filter(({ of }) => of === 'words');
    assert.ok(waits.length >= 6, String(waits.length));
    assert.deepEqual(offending(waits, text => !/^[A-Z][a-z]+ .*…$/.test(text)), []);
  });

  it('name no machine and open no address', () => {
    assert.deepEqual(offending(all, text => /https?:\/\/|localhost|\/(home|root|work|tmp)\//.test(text)), []);
  });
});

describe('the settings and menus', () => {
  interface Schema {
    title: string;
    description: string;
    additionalProperties: boolean;
    properties: Record<string, { title?: string; description?: string; default?: unknown }>;
    'jupyter.lab.menus'?: { context?: { command?: string; selector: string }[] };
    'jupyter.lab.shortcuts'?: { command: string; keys: string[] }[];
  }
  const schemas = readdirSync(new URL('schema/', root)).map(name => ({
    name,
    schema: JSON.parse(readFileSync(new URL(`schema/${name}`, root), 'utf8')) as Schema
  }));

  it('are of features that exist, in the same words', () => {
    const ids = new Set(all.filter(({ of }) => of === 'id').map(({ text }) => text));
    for (const { name, schema } of schemas) {
      assert.ok(ids.has(`lakebook:${name.replace('.json', '')}`), name);
      assert.equal(schema.additionalProperties, false, name);
      const words = [schema.title, schema.description, ...Object.values(schema.properties).flatMap(({ title = '', description = '' }) => [title, description])];
      assert.ok(words.every(text => !text.includes('!') && !/successfully/i.test(text)), name);
      assert.ok(Object.values(schema.properties).every(property => 'default' in property && /^[A-Z]/.test(property.title ?? '')), name);
    }
  });

  it('name only commands that there are', () => {
    const known = new Set<string>(Object.values(Command));
    const used = schemas.flatMap(({ schema }) => [...(schema['jupyter.lab.menus']?.context ?? []), ...(schema['jupyter.lab.shortcuts'] ?? [])]);
    const commands = used.flatMap(({ command }) => (command === undefined ? [] : [command]));
    assert.ok(commands.length >= 9, String(commands.length));
    assert.deepEqual(commands.filter(command => !known.has(command)), []);
  });
});
