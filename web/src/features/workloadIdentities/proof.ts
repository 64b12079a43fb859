/** Which jobs of a platform an identity is for, as the tokens of the platform say it. Pure. */
import type { ProviderType } from '@/api/types';

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
