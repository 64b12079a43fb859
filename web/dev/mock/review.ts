/** SQL review in the mock: a few rules of every kind of payload, and a review of sorts. Development only. */
import type { ReviewConfig, ReviewRule, RuleConfig } from '../../src/api/types.ts';
import { changed } from './events.ts';
import { nextId } from './state.ts';

// biome-ignore lint/suspicious/noExplicitAny: requests are read loosely, as a mock may
type Body = any;

type Row = [
  type: string,
  level: string,
  kind: string,
  payload: object,
  what: string,
  example: string,
  instead: string,
];
const ROWS: Row[] = [
  [
    'NAMING_TABLE',
    'WARNING',
    'NAMING',
    { namingPayload: { format: '^[a-z]+(_[a-z]+)*$', maxLength: 63 } },
    'A table gets a name that does not match the format.',
    'CREATE TABLE "TechBook" (id int);',
    'CREATE TABLE tech_book (id int);',
  ],
  [
    'NAMING_INDEX_IDX',
    'WARNING',
    'NAMING',
    { namingPayload: { format: '^idx_{{table}}_{{column_list}}$', maxLength: 63 } },
    'An index gets a name that does not match the format.',
    'CREATE INDEX book_name ON book (name);',
    'CREATE INDEX idx_book_name ON book (name);',
  ],
  [
    'STATEMENT_WHERE_REQUIRE_UPDATE_DELETE',
    'ERROR',
    'NO_PAYLOAD',
    {},
    'An UPDATE or DELETE has no WHERE.',
    "UPDATE book SET title = 'x';",
    "UPDATE book SET title = 'x' WHERE id = 1;",
  ],
  [
    'STATEMENT_INSERT_ROW_LIMIT',
    'WARNING',
    'NUMBER',
    { numberPayload: { number: 1000 } },
    'An INSERT has more rows than the limit.',
    '',
    'INSERT INTO book VALUES (1);',
  ],
  [
    'TABLE_REQUIRE_PK',
    'ERROR',
    'NO_PAYLOAD',
    {},
    'A table is without a primary key after the script.',
    'CREATE TABLE author (id int);',
    'CREATE TABLE author (id int PRIMARY KEY);',
  ],
  [
    'TABLE_COMMENT',
    'LEVEL_UNSPECIFIED',
    'COMMENT_CONVENTION',
    { commentConventionPayload: {} },
    'A new table has no comment, or one that is too long.',
    'CREATE TABLE book (id int);',
    "CREATE TABLE book (id int);\nCOMMENT ON TABLE book IS 'what';",
  ],
  [
    'COLUMN_REQUIRED',
    'LEVEL_UNSPECIFIED',
    'STRING_ARRAY',
    { stringArrayPayload: { list: ['id'] } },
    'A table is made without a column that every table must have.',
    'CREATE TABLE book (name text);',
    'CREATE TABLE book (id int);',
  ],
];

const RULES: ReviewRule[] = ROWS.map(([type, level, payloadKind, payload, what, example, instead]) => ({
  preset: { type, level, engine: 'POSTGRES', ...payload } as RuleConfig,
  category: type.split('_')[0],
  title: type.toLowerCase().replaceAll('_', ' '),
  what,
  why: 'Who comes after you reads what you wrote.',
  example,
  instead,
  payloadKind: payloadKind as ReviewRule['payloadKind'],
  needs: payloadKind === 'NUMBER' ? 'CONNECTION' : 'SCRIPT',
}));
const usual = RULES.flatMap(({ preset }) =>
  preset?.level === 'LEVEL_UNSPECIFIED' || !preset ? [] : [preset],
);

const configs = new Map<string, ReviewConfig>([
  [
    'reviewConfigs/prod',
    {
      name: 'reviewConfigs/prod',
      title: 'Production',
      enabled: true,
      rules: usual,
      resources: ['environments/prod', 'projects/shop'],
    },
  ],
]);

/** Two rules by regular expressions: enough to see findings come and go. */
function review({ statement, rules }: Body): object {
  const on = (type: string) => rules.find((rule: RuleConfig) => rule.type === type);
  const find = (type: string, pattern: RegExp, content: string) => {
    const rule = on(type);
    if (!rule) return [];
    return [...statement.matchAll(pattern)].map(({ index = 0 }) => ({
      status: rule.level,
      title: type,
      rule: type,
      content,
      start: { line: statement.slice(0, index).split('\n').length, column: 1 },
    }));
  };
  return {
    advices: [
      ...find(
        'STATEMENT_WHERE_REQUIRE_UPDATE_DELETE',
        /\b(update|delete)\b(?![^;]*\bwhere\b)[^;]*/gi,
        'It changes every row.',
      ),
      ...find('NAMING_TABLE', /create table (?!book_)/gi, 'The name of the table does not match the format.'),
    ],
    locks: /alter table/i.test(statement)
      ? [
          {
            start: { line: 1, column: 1 },
            mode: 'ACCESS EXCLUSIVE',
            table: 'public.book',
            work: 'SCAN',
            blocksReads: true,
            blocksWrites: true,
            rows: '2418220',
            because: 'Every row is read while nobody else may look at the table.',
            safer:
              'ALTER TABLE book ADD CONSTRAINT c CHECK (pages > 0) NOT VALID;\nALTER TABLE book VALIDATE CONSTRAINT c;',
          },
        ]
      : [],
  };
}

export const reviewRpc: Record<string, (body: Body) => object | undefined> = {
  'ReviewService/ListRules': () => ({ rules: RULES }),
  'ReviewService/ListTemplates': () => ({
    templates: [{ id: 'prod', title: 'Production', description: 'Stops what endangers data.', rules: usual }],
  }),
  'ReviewService/TryReview': review,
  'ReviewConfigService/ListReviewConfigs': () => ({ reviewConfigs: [...configs.values()] }),
  'ReviewConfigService/GetReviewConfig': ({ name }) => configs.get(name),
  'ReviewConfigService/CreateReviewConfig': ({ reviewConfig }) => {
    const made = { resources: [], ...reviewConfig, name: reviewConfig.name ?? `reviewConfigs/${nextId()}` };
    configs.set(made.name, made);
    changed(made.name);
    return made;
  },
  'ReviewConfigService/UpdateReviewConfig': ({ reviewConfig, updateMask }) => {
    const config = { ...configs.get(reviewConfig.name) };
    for (const field of updateMask.split(',')) Object.assign(config, { [field]: reviewConfig[field] });
    configs.set(reviewConfig.name, config);
    changed(reviewConfig.name);
    return config;
  },
  'ReviewConfigService/DeleteReviewConfig': ({ name }) => {
    configs.delete(name);
    changed(name);
    return {};
  },
};
