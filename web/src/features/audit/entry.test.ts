import { expect, test } from 'vitest';
import { methodOf, outcomeOf, readable } from './entry';

test('a method is told apart from its service', () => {
  expect(methodOf('/bytebase.v1.PlanService/CreatePlan')).toEqual({
    method: 'CreatePlan',
    service: 'PlanService',
  });
  expect(methodOf('upload')).toEqual({ method: 'upload', service: '' });
});

test('a cut request is shown as it stands', () => {
  expect(readable('{"a":1}')).toBe('{\n  "a": 1\n}');
  expect(readable('{"a":')).toBe('{"a":');
});

test('a severity that is not known is one without an end', () => {
  expect(outcomeOf({ severity: 'WARNING' })).toBe('WARNING');
  expect(outcomeOf({ severity: 'CRITICAL' })).toBe('NOTICE');
});
