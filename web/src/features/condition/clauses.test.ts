import { describe, expect, it } from 'vitest';
import { type Clause, type FieldType, isWhole, readClauses, writeClauses } from './clauses';

const TYPES: Record<string, FieldType> = {
  'resource.environment_id': 'text',
  'statement.text': 'text',
  'statement.affected_rows': 'number',
  'request.time': 'time',
  'issue.labels': 'list',
  'request.unmask': 'flag',
};
const typeOf = (field: string) => TYPES[field];
const read = (text: string) => readClauses(text, typeOf);

describe('conditions of comparisons', () => {
  it.each([
    ['resource.environment_id == "prod"', [['resource.environment_id', '==', 'prod']]],
    [
      'resource.environment_id in ["prod", "dr"] && statement.affected_rows > 100',
      [
        ['resource.environment_id', 'in', 'prod, dr'],
        ['statement.affected_rows', '>', '100'],
      ],
    ],
    ['!(resource.environment_id in ["test"])', [['resource.environment_id', 'notIn', 'test']]],
    ['statement.text.contains("say \\"hi\\"")', [['statement.text', 'contains', 'say "hi"']]],
    ['"hotfix" in issue.labels', [['issue.labels', 'has', 'hotfix']]],
    [
      'request.unmask && !request.unmask',
      [
        ['request.unmask', '==', 'true'],
        ['request.unmask', '==', 'false'],
      ],
    ],
    ['request.time < timestamp("2027-01-01T00:00:00Z")', [['request.time', '<', '2027-01-01T00:00:00Z']]],
  ])('%s', (text, parts) => {
    const clauses = (parts as [string, Clause['operator'], string][]).map(([field, operator, value]) => ({
      field,
      operator,
      value,
    }));
    expect(read(text)).toEqual(clauses);
    expect(writeClauses(clauses, typeOf)).toBe(text);
  });

  it('reads other ways to write the same', () => {
    expect(read(" resource . environment_id=='prod'\n&& request.unmask == true ")).toEqual([
      { field: 'resource.environment_id', operator: '==', value: 'prod' },
      { field: 'request.unmask', operator: '==', value: 'true' },
    ]);
  });

  it('takes true for no condition at all', () => {
    expect(read('true')).toEqual([]);
    expect(writeClauses([], typeOf)).toBe('true');
  });

  it.each([
    '',
    'resource.environment_id == "a" || resource.environment_id == "b"',
    'resource.unknown == "a"',
    'resource.environment_id == 1',
    'resource.environment_id > "a"',
    'resource.environment_id in ["a,b"]',
    'resource.environment_id in []',
    'statement.affected_rows + 1 > 2',
    'size(issue.labels) > 1',
    'resource.environment_id == "\\x41"',
    'resource.environment_id == "open',
    '(request.unmask)',
    'request.unmask request.unmask',
  ])('leaves %j to be text', (text) => {
    expect(read(text)).toBeUndefined();
  });

  it('tells whether a comparison says something', () => {
    const whole = (operator: Clause['operator'], value: string, type: FieldType) =>
      isWhole({ field: 'x', operator, value }, type);
    expect(whole('==', ' ', 'text')).toBe(false);
    expect(whole('in', ' , ', 'text')).toBe(false);
    expect(whole('in', 'a,', 'text')).toBe(true);
    expect(whole('>', '1e3', 'number')).toBe(false);
    expect(whole('>', '-4.5', 'number')).toBe(true);
    expect(whole('<', 'tomorrow', 'time')).toBe(false);
    expect(whole('<', '2027-01-01T00:00:00Z', 'time')).toBe(true);
  });
});
