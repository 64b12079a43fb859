/** What a form holds of a watched repository, and what is sent of it. The token is write-only: empty means that it stays. Pure. */
import type { Repository, WatchMode } from '@/api/types';

export const HOSTS = ['GITHUB', 'GITLAB'] as const;
export type Host = (typeof HOSTS)[number];

/** Where each host is, unless somebody runs one of their own. */
export const PUBLIC: Readonly<Record<Host, string>> = {
  GITHUB: 'https://github.com',
  GITLAB: 'https://gitlab.com',
};

/** How a repository is written. */
export const EXAMPLES: Readonly<Record<Host, string>> = {
  GITHUB: 'example/shop',
  GITLAB: 'example/team/shop',
};

export const MODES = ['WEBHOOK', 'POLL'] as const satisfies readonly WatchMode[];
export type Mode = (typeof MODES)[number];

export interface Draft {
  host: Host;
  /** Of a host of one's own; '' for the public one. */
  url: string;
  path: string;
  branch: string;
  /** A folder or a pattern. */
  files: string;
  title: string;
  category: string;
  mode: Mode;
  /** "300s"; undefined for what the server takes, null while what stands there is no duration. */
  interval: string | undefined | null;
  targets: readonly string[];
  token: string;
  /** The host is told what came of each commit. */
  report: boolean;
}

export const FIRST: Draft = {
  host: 'GITHUB',
  url: '',
  path: '',
  branch: 'main',
  files: 'migrations/**/*.sql',
  title: '',
  category: '',
  mode: 'WEBHOOK',
  interval: '300s',
  targets: [],
  token: '',
  report: false,
};

export const hostOf = ({ vcsType }: Repository): Host => HOSTS.find((host) => host === vcsType) ?? 'GITHUB';
export const modeOf = ({ mode }: Repository): Mode => MODES.find((one) => one === mode) ?? 'POLL';

export function draftOf(saved: Repository): Draft {
  const host = hostOf(saved);
  const { url = '', path = '', title = '' } = saved;
  return {
    host,
    url: url === PUBLIC[host] ? '' : url,
    path,
    branch: saved.branch ?? '',
    files: saved.filePattern ?? '',
    // A title that nobody gave is the path.
    title: title === path ? '' : title,
    category: saved.category ?? '',
    mode: modeOf(saved),
    interval: saved.pollInterval,
    targets: saved.targets ?? [],
    token: '',
    report: saved.reportStatus ?? false,
  };
}

/** Which host an address is of: GitLab's own servers are told by their name alone. */
const hostAt = (hostname: string): Host | undefined =>
  hostname.includes('gitlab') ? 'GITLAB' : hostname.includes('github') ? 'GITHUB' : undefined;

/** What people paste: the address of a page of the repository instead of its path. */
export function pasted(text: string): Partial<Draft> {
  const path = text.trim();
  if (!/^https?:\/\//i.test(path) || !URL.canParse(path)) return { path };
  const url = new URL(path);
  const host = hostAt(url.hostname);
  const parts = url.pathname.split('/').filter(Boolean);
  // Pages below a repository: /tree/main at GitHub, /-/tree/main at GitLab.
  const end = host === 'GITHUB' ? 2 : parts.indexOf('-');
  return {
    ...(host && { host }),
    url: host && url.origin === PUBLIC[host] ? '' : url.origin,
    path: parts
      .slice(0, end > 0 ? end : undefined)
      .join('/')
      .replace(/\.git$/, ''),
  };
}

export type Field = 'path' | 'url' | 'branch' | 'files' | 'interval';

const PART = /^(?!\.\.?$)[\w.-]+$/;

const RULES: Readonly<Record<Field, (draft: Draft) => boolean>> = {
  path: ({ host, path }) => {
    const parts = path.split('/');
    return (host === 'GITHUB' ? parts.length === 2 : parts.length >= 2) && parts.every((p) => PART.test(p));
  },
  url: ({ url }) => url === '' || (/^https?:\/\/[^\s/@?#]+[^\s@?#]*$/i.test(url) && URL.canParse(url)),
  branch: ({ branch }) =>
    branch !== '' && !/[\s\p{Cc}~^:?*[\\]|\.\.|\/\//u.test(branch) && !/^[-/]|^refs\/|\/$/.test(branch),
  files: ({ files }) =>
    files.trim() !== '' && !files.trim().startsWith('/') && !files.split('/').includes('..'),
  interval: ({ mode, interval }) => mode === 'WEBHOOK' || interval !== null,
};

/** What is missing or wrong, as far as can be told without the server. */
export const problemsOf = (draft: Draft): Field[] =>
  (Object.keys(RULES) as Field[]).filter((field) => !RULES[field](draft));

export function wireOf(draft: Draft, saved?: Repository): Repository {
  return {
    ...(saved && { name: saved.name, etag: saved.etag }),
    title: draft.title.trim(),
    vcsType: draft.host,
    url: draft.url.trim(),
    path: draft.path.trim(),
    branch: draft.branch.trim(),
    filePattern: draft.files.trim(),
    category: draft.category.trim(),
    mode: draft.mode,
    pollInterval: draft.mode === 'POLL' ? (draft.interval ?? undefined) : undefined,
    targets: [...draft.targets],
    reportStatus: draft.report,
    ...(draft.token.trim() && { accessToken: draft.token.trim() }),
  };
}

const MASK: readonly (readonly [keyof Draft, string])[] = [
  ['title', 'title'],
  ['url', 'url'],
  ['path', 'path'],
  ['branch', 'branch'],
  ['files', 'filePattern'],
  ['category', 'category'],
  ['mode', 'mode'],
  ['interval', 'pollInterval'],
  ['targets', 'targets'],
  ['token', 'accessToken'],
  ['report', 'reportStatus'],
];

/** What is changed, and nothing else; '' when nothing is. The host's kind never changes. */
export function maskOf(draft: Draft, saved: Repository): string {
  const before = draftOf(saved);
  const isChanged = (key: keyof Draft) => JSON.stringify(draft[key]) !== JSON.stringify(before[key]);
  return MASK.flatMap(([key, name]) => (isChanged(key) ? [name] : [])).join(',');
}

/** Page of the repository at its host. */
export const homeOf = (saved: Repository) => `${saved.url || PUBLIC[hostOf(saved)]}/${saved.path}`;

/** Where webhooks are set up at the host. */
export const hooksPage = (saved: Repository) =>
  homeOf(saved) + (hostOf(saved) === 'GITHUB' ? '/settings/hooks/new' : '/-/hooks');

/** Where tokens are made at the host. */
export const tokensPage = ({ host, url, path }: Draft) =>
  host === 'GITHUB'
    ? `${url || PUBLIC.GITHUB}/settings/personal-access-tokens/new`
    : `${url || PUBLIC.GITLAB}/${path}/-/settings/access_tokens`;

export const shortCommit = (commit: string | undefined) => (commit ?? '').slice(0, 8);

/** What the answer of a test depends on. */
export const testedOf = ({ host, url, path, branch, files, token, report }: Draft) =>
  [host, url, path, branch, files, token, report].join('\n');
