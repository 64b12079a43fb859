import { describe, expect, it } from 'vitest';
import { type Ask, holding, missingIn, passedOver, peopleIn, stagesToRun } from './emergency';

const ask: Ask = {
  stage: 'prod',
  reason: 'The shop is down',
  incident: 'https://incidents.example/7',
  people: 'users/ann@x.io, Bo@x.io',
  understood: true,
};
const me = 'me@x.io';

const stage = (id: string, ...statuses: ('DONE' | 'NOT_STARTED')[]) => ({
  environment: `environments/${id}`,
  tasks: statuses.map((status) => ({
    status,
    blockers: [
      { reason: 'APPROVAL', message: 'a DBA has to approve' },
      { reason: 'WINDOW', message: 'not now' },
    ],
  })),
});

describe('an emergency run', () => {
  it('is asked for with all that is kept of it', () => {
    expect(missingIn(ask, me, true)).toEqual([]);
    expect(missingIn({ ...ask, reason: ' ', incident: 'INC-7', people: 'ann@x.io' }, me, false)).toEqual([
      'reason',
      'incident',
      'people',
    ]);
    expect(missingIn({ ...ask, incident: 'javascript:alert(1)' }, me, false)).toEqual(['incident']);
    expect(missingIn({ ...ask, understood: false }, me, false)).toEqual([]);
    expect(missingIn({ ...ask, understood: false, stage: '' }, me, true)).toEqual(['stage', 'understood']);
  });

  it('is told to others, each once', () => {
    expect(peopleIn('Ann@x.io;ann@x.io\n users/bo@x.io')).toEqual(['ann@x.io', 'bo@x.io']);
    expect(missingIn({ ...ask, people: `${me} ann@x.io` }, me, false)).toEqual(['people']);
    expect(missingIn({ ...ask, people: 'ann@x.io nobody' }, me, false)).toEqual(['people']);
  });

  it('holds what runs on its databases, once its review is overdue', () => {
    const shop = 'instances/pg/databases/shop';
    const due = { state: 'REVIEW_DUE', databases: [shop] } as const;
    const all = [
      { ...due, databases: [shop] },
      { ...due, state: 'REVIEW_OVERDUE' as const, databases: [shop] },
      { ...due, state: 'REVIEW_OVERDUE' as const, databases: ['instances/pg/databases/crm'] },
    ];
    expect(holding(all, [{ target: shop }])).toEqual([all[1]]);
    expect(holding(all, [])).toEqual([]);
  });

  it('is of a stage that has something to run, and says what it passes over', () => {
    const stages = [stage('test', 'DONE'), stage('prod', 'NOT_STARTED', 'NOT_STARTED')];
    expect(stagesToRun(stages, ['test', 'prod'], { hasRollout: true })).toEqual(['prod']);
    expect(stagesToRun([], ['test', 'prod'], {})).toEqual(['test', 'prod']);
    expect(passedOver(stages, 'prod')).toEqual(['a DBA has to approve', 'not now']);
    expect(passedOver(stages, 'test')).toEqual([]);
  });
});
