/** Which jobs of a platform an identity is for, as the tokens of the platform say it. Pure. */
import type { ProviderType, WorkloadIdentity } from '@/api/types';

export const PROVIDERS = ['GITHUB', 'GITLAB'] as const satisfies readonly ProviderType[];
export type Provider = (typeof PROVIDERS)[number];

/** Of the public platforms. */
export const ISSUERS: Readonly<Record<Provider, string>> = {
  GITHUB: 'https://token.actions.githubusercontent.com',
  GITLAB: 'https://gitlab.com',
};

/** How a repository is written. */
export const EXAMPLES: Readonly<Record<Provider, string>> = {
  GITHUB: 'example/shop',
  GITLAB: 'example/team/shop',
};

const REPOSITORY: Readonly<Record<Provider, RegExp>> = {
  GITHUB: /^[\w.-]+\/[\w.-]+$/,
  GITLAB: /^[\w.-]+(\/[\w.-]+)+$/,
};

/** `example/shop`; at GitLab groups may lie in groups. */
export const isRepository = (provider: Provider, text: string) => REPOSITORY[provider].test(text);

/** Empty for any branch. */
export const isBranch = (text: string) => text === '' || /^[\w][\w./-]*$/.test(text);

/** What the subject of a token must be, or begin with: all jobs of a repository, or those of one of its branches. */
export function subjectOf(provider: Provider, repository: string, branch: string): string {
  if (provider === 'GITHUB') return `repo:${repository}:${branch ? `ref:refs/heads/${branch}` : '*'}`;
  return `project_path:${repository}:${branch ? `ref_type:branch:ref:${branch}` : '*'}`;
}

/** What a form holds of an identity that there is. */
export interface Draft {
  title: string;
  provider: Provider;
  issuer: string;
  subject: string;
  /** One a line. */
  audiences: string;
}

export function draftOf({ title = '', workloadIdentityConfig: config = {} }: WorkloadIdentity): Draft {
  return {
    title,
    provider: PROVIDERS.find((one) => one === config.providerType) ?? 'GITHUB',
    issuer: config.issuerUrl ?? '',
    subject: config.subjectPattern ?? '',
    audiences: (config.allowedAudiences ?? []).join('\n'),
  };
}

const configOf = ({ provider, issuer, subject, audiences }: Draft) => ({
  providerType: provider,
  issuerUrl: issuer.trim(),
  allowedAudiences: audiences
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean),
  subjectPattern: subject.trim(),
});

export const wireOf = (draft: Draft, { name }: WorkloadIdentity): WorkloadIdentity => ({
  name,
  title: draft.title.trim(),
  workloadIdentityConfig: configOf(draft),
});

/** Whether other tokens are taken than before: who is signed in by the identity is then signed out. */
export const changesTokens = (draft: Draft, saved: WorkloadIdentity) =>
  JSON.stringify(configOf(draft)) !== JSON.stringify(configOf(draftOf(saved)));

/** What is changed, and nothing else; '' when nothing is. */
export function maskOf(draft: Draft, saved: WorkloadIdentity): string {
  const mask: string[] = [];
  if (draft.title.trim() !== saved.title) mask.push('title');
  if (changesTokens(draft, saved)) mask.push('workloadIdentityConfig');
  return mask.join(',');
}

/** A pattern that fits everybody who has a repository at the issuer lets the world in. */
export function subjectProblem(text: string): 'none' | 'all' | 'star' | undefined {
  const subject = text.trim();
  if (!subject) return 'none';
  const begin = subject.endsWith('*') ? subject.slice(0, -1) : subject;
  if (begin.includes('*')) return 'star';
  return ['', 'repo:', 'project_path:'].includes(begin) ? 'all' : undefined;
}
