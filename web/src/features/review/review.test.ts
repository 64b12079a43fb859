import { describe, expect, it } from 'vitest';
import type { RuleConfig } from '@/api/types';
import { attachedTo, freeName, inForce } from './configs';
import { addException, exceptionProblems, removeException, withExceptionEdits } from './exceptions';
import { samplesOf, tokensOf, verdict } from './naming';
import { effectivePayload, linesOf, listOf, payloadProblem, samePayload } from './payload';
import {
  atLevel,
  byCategory,
  edited,
  keyOf,
  unknownRules,
  violationsByRule,
  withEdits,
  wrongRules,
} from './rules';
import type { RuleDoc } from './service';

const rule = (type: RuleConfig['type'], level: RuleConfig['level'], more: RuleConfig = {}): RuleConfig => ({
  type,
  level,
  engine: 'POSTGRES',
  ...more,
});
const PK = rule('TABLE_REQUIRE_PK', 'ERROR');
const LIMIT = rule('STATEMENT_INSERT_ROW_LIMIT', 'WARNING', { numberPayload: { number: 10 } });
const doc = (preset: RuleConfig, category: string): RuleDoc => ({
  type: preset.type ?? 'TYPE_UNSPECIFIED',
  engine: 'POSTGRES',
  usual: 'OFF',
  preset,
  category,
  title: '',
  what: 'A table has no key.',
  why: '',
  example: '',
  instead: '',
  payload: 'NO_PAYLOAD',
  needs: 'SCRIPT',
  builtin: false,
});

describe('edits of rules', () => {
  it('are put into what is saved, and new rules come last', () => {
    const off = { [keyOf(PK)]: null, 'POSTGRES/TABLE_COMMENT': rule('TABLE_COMMENT', 'ERROR') };
    expect(withEdits([PK, LIMIT], off).map(({ type }) => type)).toEqual([
      'STATEMENT_INSERT_ROW_LIMIT',
      'TABLE_COMMENT',
    ]);
    expect(withEdits([PK], { 'POSTGRES/TABLE_COMMENT': null })).toEqual([PK]);
  });

  it('are none when they say what is saved', () => {
    const key = keyOf(LIMIT);
    const more = edited([PK, LIMIT], {}, key, { ...LIMIT, numberPayload: { number: 11 } });
    expect(Object.keys(more)).toEqual([key]);
    expect(edited([PK, LIMIT], more, key, { ...LIMIT, numberPayload: { number: 10 } })).toEqual({});
    expect(edited([PK], {}, 'POSTGRES/TABLE_COMMENT', null)).toEqual({});
  });

  it('keep what a rule was told when it goes off and on', () => {
    const known = doc(
      rule('STATEMENT_INSERT_ROW_LIMIT', 'WARNING', { numberPayload: { number: 1000 } }),
      'S',
    );
    expect(atLevel(known, 'OFF', LIMIT)).toBeNull();
    expect(atLevel(known, 'ERROR', LIMIT)).toEqual({ ...LIMIT, level: 'ERROR' });
    expect(atLevel(known, 'ERROR', undefined)?.numberPayload?.number).toBe(1000);
  });

  it('find the rule that the server means', () => {
    const found = violationsByRule(
      [PK, LIMIT],
      [
        { field: 'review_config.rules[1].number_payload.number', description: 'use 0 or more' },
        { field: 'review_config.title', description: 'use 1 to 200 characters' },
      ],
    );
    expect(found).toEqual({
      rules: { [keyOf(LIMIT)]: 'use 0 or more' },
      others: ['use 1 to 200 characters'],
    });
  });
});

describe('payloads', () => {
  it('are compared as JSON leaves out what is empty', () => {
    expect(samePayload({ numberPayload: {} }, { numberPayload: { number: 0 } })).toBe(true);
    expect(samePayload({ namingPayload: { format: 'a' } }, { namingPayload: { format: 'b' } })).toBe(false);
    expect(samePayload({}, { numberPayload: {} })).toBe(false);
  });

  it('are judged like the server does', () => {
    expect(payloadProblem({ namingPayload: { format: '' } })).toBe('format');
    expect(payloadProblem({ namingPayload: { format: '^{{table$' } })).toBe('tokens');
    expect(payloadProblem({ namingPayload: { format: '^a$', maxLength: -1 } })).toBe('length');
    expect(payloadProblem({ numberPayload: { number: 1.5 } })).toBe('number');
    expect(payloadProblem({ numberPayload: { number: Number.NaN } })).toBe('number');
    expect(payloadProblem({ stringArrayPayload: { list: ['a', ' '] } })).toBe('items');
    expect(payloadProblem({ stringArrayPayload: { list: [] } })).toBeUndefined();
    expect(wrongRules([PK, { ...LIMIT, numberPayload: { number: -1 } }])).toMatchObject([
      { rule: { type: LIMIT.type }, problem: 'number' },
    ]);
  });

  it('that are not given are the usual ones', () => {
    const bare = rule('STATEMENT_INSERT_ROW_LIMIT', 'ERROR');
    expect(effectivePayload(bare, LIMIT)).toEqual({ numberPayload: { number: 10 } });
    expect(effectivePayload({ ...bare, numberPayload: { number: 2 } }, LIMIT).numberPayload?.number).toBe(2);
  });

  it('of lists are lines', () => {
    expect(listOf(' id \n\ncreated_at\n')).toEqual(['id', 'created_at']);
    expect(linesOf(['a', 'b'])).toBe('a\nb');
  });
});

describe('naming formats', () => {
  it('are tried on names', () => {
    const format = '^[a-z]+(_[a-z]+)*$';
    expect(verdict('tech_book', format)).toBe('fits');
    expect(verdict('TechBook', format)).toBe('differs');
    expect(verdict('a'.repeat(64), format)).toBe('tooLong');
    expect(verdict('ä'.repeat(4), '.*', 7)).toBe('tooLong');
  });

  it('have tokens for the names of what an index is on', () => {
    const format = '^$|^idx_{{table}}_{{column_list}}$';
    expect(tokensOf('NAMING_INDEX_IDX')).toEqual(['table', 'column_list']);
    expect(verdict('idx_book_title', format)).toBe('fits');
    expect(verdict('idx_author_title', format)).toBe('differs');
    expect(samplesOf('NAMING_INDEX_IDX').map((name) => verdict(name, format))).toContain('fits');
  });

  it('are read where the server writes them otherwise, and not guessed at', () => {
    expect(verdict('BOOK', '(?i)^book$')).toBe('fits');
    expect(verdict('book', '^(?P<name>[a-z]+)$')).toBe('fits');
    expect(verdict('book', '\\Abook\\z')).toBe('fits');
    expect(verdict('a-b', '^a\\-b$')).toBe('fits');
    expect(verdict('book', '^[a-z')).toBe('unreadable');
    expect(verdict('book', '(?x) b o o k')).toBe('unreadable');
  });
});

it('rules that the server does not know are told apart by engine too', () => {
  const mysql = { ...PK, engine: 'MYSQL' as const };
  expect(unknownRules([PK, mysql, LIMIT], [doc(PK, 'TABLE')])).toEqual([mysql, LIMIT]);
});

it('a filter leaves rules by category', () => {
  const docs = [doc(PK, 'TABLE'), doc(LIMIT, 'STATEMENT'), doc(rule('TABLE_COMMENT', undefined), 'TABLE')];
  const shown = (text: string, more = {}) =>
    byCategory(docs, { text, ...more }, ({ type }) => (type === 'TABLE_REQUIRE_PK' ? 'ERROR' : 'OFF')).map(
      ([category, list]) => `${category}: ${list.map(({ type }) => type).join(' ')}`,
    );
  expect(shown('')).toEqual([
    'TABLE: TABLE_REQUIRE_PK TABLE_COMMENT',
    'STATEMENT: STATEMENT_INSERT_ROW_LIMIT',
  ]);
  expect(shown(' TABLE_COMMENT')).toEqual(['TABLE: TABLE_COMMENT']);
  expect(shown('table.pk key')).toEqual(['TABLE: TABLE_REQUIRE_PK']);
  expect(shown('', { level: 'ERROR' })).toEqual(['TABLE: TABLE_REQUIRE_PK']);
  expect(shown('', { category: 'STATEMENT' })).toEqual(['STATEMENT: STATEMENT_INSERT_ROW_LIMIT']);
});

describe('where a configuration is in force', () => {
  const configs = [
    { name: 'reviewConfigs/prod', enabled: true, resources: ['environments/prod'] },
    { name: 'reviewConfigs/off', enabled: false, resources: ['environments/test'] },
    { name: 'reviewConfigs/shop', enabled: true, resources: ['projects/shop'] },
  ];
  it('the environment counts first, and one that is off as none', () => {
    const name = (environment: string, project: string) => {
      const found = inForce(configs, environment, project);
      return found && `${found.config.name} ${found.by}`;
    };
    expect(name('environments/prod', 'projects/shop')).toBe('reviewConfigs/prod environment');
    expect(name('environments/test', 'projects/shop')).toBe('reviewConfigs/shop project');
    expect(name('environments/test', 'projects/other')).toBeUndefined();
    expect(attachedTo(configs, 'environments/test')?.name).toBe('reviewConfigs/off');
  });
  it('a new one gets a name of its own', () => {
    expect(freeName('Prod', configs)).toBe('reviewConfigs/prod-2');
    expect(freeName('Web shop', configs)).toBe('reviewConfigs/web-shop');
    expect(freeName('生产', configs)).toBeUndefined();
  });
});

describe('exceptions', () => {
  const queue = { rules: ['TABLE_REQUIRE_PK' as const], table: 'queue_*', reason: 'a queue' };
  const cold = { label: 'tier:cold', reason: 'to be dropped' };

  it('keeps what somebody else saved meanwhile', () => {
    const edits = addException(undefined, queue);
    expect(withExceptionEdits([], edits)).toEqual([queue]);
    expect(withExceptionEdits([cold], edits)).toEqual([cold, queue]);
    // Somebody saved the same.
    expect(withExceptionEdits([queue], edits)).toEqual([queue]);
  });

  it('comes to nothing when an edit is undone', () => {
    expect(removeException(addException(undefined, queue), queue)).toBeUndefined();
    const removed = removeException(undefined, cold);
    expect(withExceptionEdits([cold, queue], removed)).toEqual([queue]);
    expect(addException(removed, cold)).toBeUndefined();
  });

  it('says what is wrong with one', () => {
    const wrong = (exception: object) =>
      Object.entries(exceptionProblems(exception)).flatMap(([field, is]) => (is ? field : []));
    expect(wrong(queue)).toEqual([]);
    expect(wrong({ ...cold, label: 'tier' })).toEqual([]);
    expect(wrong({})).toEqual(['where', 'reason']);
    expect(wrong({ schema: 'a.b', table: '*a', label: ':x', reason: ' ' })).toEqual([
      'schema',
      'table',
      'label',
      'reason',
    ]);
  });
});
