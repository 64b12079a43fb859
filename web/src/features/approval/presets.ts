/** Rules to begin with: an empty one, and what most teams want first. */
import type { TFunction } from 'i18next';
import { DEFAULT_ROLES, FALLBACK, newRule, type RuleDraft, type Source } from './flows';

interface Preset {
  key: 'empty' | 'owner' | 'production' | 'risk';
  /** Titles are words of the page, which asks for them. */
  make: (t: TFunction) => RuleDraft;
}

const OWNER: Preset = {
  key: 'owner',
  make: (t) => newRule(FALLBACK, { title: t('approval.presetTitle.owner'), roles: DEFAULT_ROLES }),
};
const PRODUCTION: Preset = {
  key: 'production',
  make: (t) =>
    newRule('CHANGE_DATABASE', {
      title: t('approval.presetTitle.production'),
      condition: 'resource.environment_id == "prod"',
      roles: ['roles/projectOwner', 'roles/workspaceDBA'],
    }),
};
const RISK: Preset = {
  key: 'risk',
  make: (t) =>
    newRule('CHANGE_DATABASE', {
      title: t('approval.presetTitle.risk'),
      condition: 'risk.level == "HIGH"',
      roles: ['roles/workspaceDBA'],
    }),
};

export function presetsOf(source: Source): Preset[] {
  const empty: Preset = { key: 'empty', make: () => newRule(source) };
  if (source === FALLBACK) return [empty, OWNER];
  return source === 'CHANGE_DATABASE' ? [empty, PRODUCTION, RISK] : [empty];
}
