/** The server's OpenAPI document, as far as a reader looks at it. */
import { useQuery } from '@tanstack/react-query';
import { getJson } from '@/api/client';
import type { ApiError } from '@/api/error';

export interface Schema {
  $ref?: string;
  type?: string;
  format?: string;
  items?: Schema;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  required?: string[];
  /** Choices: of the fields that the members of each require, one at most may be there. */
  allOf?: { oneOf: { required?: string[] }[] }[];
  enum?: string[];
  readOnly?: boolean;
  writeOnly?: boolean;
  maxLength?: number;
}

export interface Parameter {
  name: string;
  in: 'path' | 'query';
  required?: boolean;
  schema: Schema;
}

interface Body {
  content: { 'application/json': { schema: Schema } };
}

export interface Operation {
  operationId: string;
  tags: string[];
  summary: string;
  description?: string;
  parameters?: Parameter[];
  requestBody?: Body;
  responses: { '200': Body };
  deprecated?: boolean;
  security?: unknown[];
  'x-permission'?: string;
}

export interface Document {
  tags: { name: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

/** A way to call a method. */
export interface Call {
  verb: string;
  path: string;
  operation: Operation;
}

const FRESH_MS = 3_600_000;

/** It changes with the version of the server only. */
export function useOpenApi() {
  return useQuery<Document, ApiError>({
    queryKey: ['openapi'],
    queryFn: ({ signal }) => getJson<Document>('/api/openapi.json', { signal }),
    staleTime: FRESH_MS,
  });
}

export function callsOf(document: Document): Call[] {
  return Object.entries(document.paths).flatMap(([path, verbs]) =>
    Object.entries(verbs).map(([verb, operation]) => ({ verb: verb.toUpperCase(), path, operation })),
  );
}

/** `bytebase.v1.Plan` of a reference. */
export const refName = (schema: Schema) => schema.$ref?.split('/').pop();

export function resolve(document: Document, schema: Schema): Schema {
  const name = refName(schema);
  return name ? (document.components.schemas[name] ?? {}) : schema;
}

/** How a reader calls the type of a value: `Plan[]`, `int64`, `PENDING | DONE`. */
export function typeName(document: Document, schema: Schema): string {
  const found = resolve(document, schema);
  if (found.enum) return found.enum.join(' | ');
  const name = refName(schema);
  if (name) return name.split('.').pop() ?? name;
  if (schema.items) return `${typeName(document, schema.items)}[]`;
  if (typeof schema.additionalProperties === 'object') {
    return `{ [key]: ${typeName(document, schema.additionalProperties)} }`;
  }
  return schema.format ?? schema.type ?? 'any';
}

/** What a body may look like: a value for each field that is written, nested ones as far as `depth`. */
export function example(document: Document, schema: Schema, depth = 2): unknown {
  const found = resolve(document, schema);
  if (found.enum) return found.enum.find((value) => !value.endsWith('UNSPECIFIED')) ?? found.enum[0];
  if (found.items) return depth > 0 ? [example(document, found.items, depth - 1)] : [];
  if (found.properties) {
    if (depth === 0) return {};
    const others = found.allOf?.flatMap(({ oneOf }) =>
      oneOf.slice(1).flatMap(({ required }) => required ?? []),
    );
    const written = Object.entries(found.properties).filter(
      ([name, field]) => !field.readOnly && !others?.includes(name),
    );
    return Object.fromEntries(written.map(([name, field]) => [name, example(document, field, depth - 1)]));
  }
  if (found.type === 'object') return {};
  if (found.type === 'boolean') return false;
  if (found.type === 'integer' || found.type === 'number') return 0;
  if (found.format === 'int64') return '0';
  if (found.format === 'date-time') return '2026-01-31T12:00:00Z';
  return '';
}

export function curlOf(document: Document, { verb, path, operation }: Call, origin: string): string {
  const body = operation.requestBody?.content['application/json'].schema;
  const lines = [`curl -X ${verb} "${origin}${path}"`];
  if (operation.security?.length !== 0) lines.push('-H "Authorization: Bearer $TOKEN"');
  if (body) {
    const text = JSON.stringify(example(document, body), null, 2).replaceAll("'", "'\\''");
    lines.push("-H 'Content-Type: application/json'", `-d '${text}'`);
  }
  return lines.join(' \\\n  ');
}
