import { expect, test } from 'vitest';
import { type Call, callsOf, curlOf, type Document, example, typeName } from './openapi';

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const body = (name: string) => ({ content: { 'application/json': { schema: ref(name) } } });

const DOCUMENT: Document = {
  tags: [{ name: 'PlanService' }],
  paths: {
    '/v1/projects/{project}/plans': {
      post: {
        operationId: 'PlanService_CreatePlan',
        tags: ['PlanService'],
        summary: 'Create plan',
        requestBody: body('Plan'),
        responses: { '200': body('Plan') },
      },
    },
  },
  components: {
    schemas: {
      Plan: {
        type: 'object',
        properties: {
          name: { type: 'string', readOnly: true },
          title: { type: 'string' },
          state: ref('State'),
          specs: { type: 'array', items: ref('Plan') },
          labels: { type: 'object', additionalProperties: { type: 'string' } },
        },
      },
      State: { type: 'string', enum: ['STATE_UNSPECIFIED', 'ACTIVE'] },
    },
  },
};

test('an example holds what a caller writes, and ends where messages hold themselves', () => {
  expect(example(DOCUMENT, ref('Plan'))).toEqual({
    title: '',
    state: 'ACTIVE',
    specs: [{}],
    labels: {},
  });
});

test('of a choice an example holds one field', () => {
  const text = { type: 'string' };
  const choice = [{ required: ['a'] }, { required: ['b'] }, { not: { anyOf: [{ required: ['a'] }] } }];
  const schema = { properties: { a: text, b: text, c: text }, allOf: [{ oneOf: choice }] };
  expect(example(DOCUMENT, schema)).toEqual({ a: '', c: '' });
});

test('types are called as a reader would', () => {
  const { properties = {} } = DOCUMENT.components.schemas.Plan ?? {};
  expect(typeName(DOCUMENT, properties.specs ?? {})).toBe('Plan[]');
  expect(typeName(DOCUMENT, properties.state ?? {})).toBe('STATE_UNSPECIFIED | ACTIVE');
  expect(typeName(DOCUMENT, properties.labels ?? {})).toBe('{ [key]: string }');
});

test('a call can be taken to a shell', () => {
  const [call] = callsOf(DOCUMENT) as [Call];
  const curl = curlOf(DOCUMENT, call, 'http://x');
  expect(curl).toContain('curl -X POST "http://x/v1/projects/{project}/plans"');
  expect(curl).toContain('-H "Authorization: Bearer $TOKEN"');
  expect(curl).toContain('"state": "ACTIVE"');
});
