import { expect, it } from 'vitest';
import { caretOf, isUnfinished, problemOf } from './fields';

it('finds the place that the server names', () => {
  const text = 'risk.level == "HIGH" &&\n\tresource.environment == "prod"';
  const told = problemOf(
    'line 2, column 2: there is no variable resource.environment\n\tresource…\n\t^^^',
    text,
  );
  expect(told).toEqual({ text: 'there is no variable resource.environment', offset: 25 });
  expect(caretOf(text, 25)).toEqual({ line: '\tresource.environment == "prod"', before: '\t' });
  expect(problemOf('column 4: what', '"🙂" x')).toEqual({ text: 'what', offset: 4 });
  expect(problemOf('too long', text)).toEqual({ text: 'too long' });
});

it('keeps a place within the text', () => {
  expect(caretOf('a', 9)).toEqual({ line: 'a', before: ' ' });
  expect(caretOf('', 0)).toEqual({ line: '', before: '' });
});

it('is unfinished while a comparison says nothing', () => {
  const fields = [{ name: 'risk.level', type: 'text' as const, text: '' }];
  expect(isUnfinished(' ', fields)).toBe(true);
  expect(isUnfinished('risk.level == ""', fields)).toBe(true);
  expect(isUnfinished('true', fields)).toBe(false);
  expect(isUnfinished('something else', fields)).toBe(false);
});
