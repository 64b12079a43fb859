import { expect, it } from 'vitest';
import {
  draftsOf,
  hiddenBy,
  isSame,
  moved,
  newRule,
  problemsOf,
  ruleAt,
  rulesOf,
  variablesOf,
  withRule,
} from './flows';

const wire = [
  {
    condition: { expression: 'true' },
    template: { title: 'Owner', flow: { roles: ['roles/projectOwner'] } },
  },
  {
    source: 'CHANGE_DATABASE' as const,
    condition: { expression: 'resource.environment_id == "prod"' },
    template: { title: 'Prod', flow: { roles: ['roles/workspaceDBA'] } },
  },
  {
    source: 'CHANGE_DATABASE' as const,
    condition: { expression: 'true' },
    template: { title: 'Rest', flow: { roles: [] } },
  },
];

it('sorts rules by what they are about, the fallback last, and keeps their order', () => {
  const drafts = draftsOf(wire);
  expect(drafts.map((rule) => rule.title)).toEqual(['Prod', 'Rest', 'Owner']);
  expect(rulesOf(drafts).map((rule) => rule.source)).toEqual([
    'CHANGE_DATABASE',
    'CHANGE_DATABASE',
    'SOURCE_UNSPECIFIED',
  ]);
  expect(isSame(drafts, draftsOf(rulesOf(drafts)))).toBe(true);
});

it('moves a rule among those of its source only', () => {
  const drafts = draftsOf(wire);
  expect(moved(drafts, '2', 0).map((rule) => rule.title)).toEqual(['Rest', 'Prod', 'Owner']);
  expect(moved(drafts, '2', 2).map((rule) => rule.title)).toEqual(['Prod', 'Rest', 'Owner']);
  expect(moved(drafts, '0', -1)).toEqual(drafts);
});

it('puts a new rule behind the others of its source', () => {
  const next = withRule(draftsOf(wire), newRule('CHANGE_DATABASE', { title: 'New' }));
  expect(next.map((rule) => rule.title)).toEqual(['Prod', 'Rest', 'New', 'Owner']);
});

it('finds the rule that keeps another from being asked', () => {
  const drafts = withRule(draftsOf(wire), newRule('CHANGE_DATABASE', { title: 'New', condition: 'true' }));
  const [prod, rest, added, owner] = drafts;
  expect(prod && hiddenBy(drafts, prod)).toBeUndefined();
  expect(rest && hiddenBy(drafts, rest)).toBeUndefined();
  expect(added && hiddenBy(drafts, added)?.title).toBe('Rest');
  expect(owner && hiddenBy(drafts, owner)).toBeUndefined();
});

it('tells what is missing', () => {
  const fields = [{ name: 'risk.level', type: 'text' as const, text: '' }];
  expect(problemsOf(newRule('CHANGE_DATABASE', { roles: [''] }), fields)).toEqual([
    'title',
    'condition',
    'role',
  ]);
  const half = newRule('CHANGE_DATABASE', { title: 'x', condition: 'risk.level == ""' });
  expect(problemsOf(half, fields)).toEqual(['condition']);
  expect(problemsOf({ ...half, condition: 'risk.level == "HIGH"' }, fields)).toEqual([]);
  // What only the server can judge is left to it.
  expect(problemsOf({ ...half, condition: 'risk.level ==' }, fields)).toEqual([]);
});

it('offers a fallback the project only', () => {
  expect(variablesOf('SOURCE_UNSPECIFIED')).toEqual(['resource.project_id']);
  expect(variablesOf('REQUEST_ROLE')).not.toContain('statement.text');
  expect(variablesOf('REQUEST_ACCESS')).toContain('statement.text');
});

it('reads the place of a refused rule', () => {
  expect(ruleAt('setting.value.workspace_approval.rules[12].condition')).toBe(12);
  expect(ruleAt('setting.value')).toBeUndefined();
});
