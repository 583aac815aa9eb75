import { posix } from 'node:path';
import { parseSync, Visitor } from 'vite';

export interface Import {
  /** The package's name as written, or for a relative import the path in the repository, ending in `.ts`. */
  readonly target: string;
  readonly written: string;
  readonly line: number;
  readonly typeOnly: boolean;
  /** Whether the module is passed on, as in `export … from`. */
  readonly passedOn: boolean;
}

export interface Located {
  readonly text: string;
  readonly line: number;
}

/** What the rules of the architecture look at in a file. */
export interface SourceFile {
  /** From the repository's root, with forward slashes. */
  readonly path: string;
  readonly imports: readonly Import[];
  /** String literals and, whole, the constant parts of templates, with `?` for each value between them. */
  readonly strings: readonly Located[];
  readonly comments: readonly Located[];
  /** Lines on which a value is forced into a type by way of `unknown`. */
  readonly forcedTypes: readonly number[];
}

/** Parses TypeScript. Throws where the text is no TypeScript. */
export function readSource(path: string, text: string): SourceFile {
  const { program, comments, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`);
  const lineOf = (offset: number): number => text.slice(0, offset).split('\n').length;
  const located = (offset: number, value: string): Located => ({ text: value, line: lineOf(offset) });
  const imports: Import[] = [];
  const strings: Located[] = [];
  const forcedTypes: number[] = [];
  const found = (written: string, offset: number, kind: { typeOnly?: boolean; passedOn?: boolean } = {}): void => {
    const { typeOnly = false, passedOn = false } = kind;
    imports.push({ target: targetOf(path, written), written, line: lineOf(offset), typeOnly, passedOn });
  };
  new Visitor({
    ImportDeclaration: ({ source, importKind, specifiers, start }) => {
      const types = specifiers.filter((one) => one.type === 'ImportSpecifier' && one.importKind === 'type');
      found(source.value, start, { typeOnly: importKind === 'type' || (types.length > 0 && types.length === specifiers.length) });
    },
    ExportAllDeclaration: ({ source, exportKind, start }) => {
      found(source.value, start, { typeOnly: exportKind === 'type', passedOn: true });
    },
    ExportNamedDeclaration: ({ source, exportKind, start }) => {
      if (source !== null) found(source.value, start, { typeOnly: exportKind === 'type', passedOn: true });
    },
    ImportExpression: ({ source, start }) => {
      if (source.type === 'Literal' && typeof source.value === 'string') found(source.value, start);
    },
    TSImportType: ({ source, start }) => found(source.value, start, { typeOnly: true }),
    Literal: ({ value, start }) => {
      if (typeof value === 'string') strings.push(located(start, value));
    },
    TemplateLiteral: ({ quasis, start }) => {
      strings.push(located(start, quasis.map((part) => part.value.cooked ?? part.value.raw).join('?')));
    },
    TSAsExpression: ({ expression, start }) => {
      const inner = expression.type === 'ParenthesizedExpression' ? expression.expression : expression;
      if (inner.type === 'TSAsExpression' && inner.typeAnnotation.type === 'TSUnknownKeyword') forcedTypes.push(lineOf(start));
    },
  }).visit(program);
  return { path, imports, strings, forcedTypes, comments: comments.map((comment) => located(comment.start, comment.value)) };
}

function targetOf(path: string, written: string): string {
  if (!written.startsWith('.')) return written;
  return posix.join(posix.dirname(path), written).replace(/\.js$/, '.ts');
}
