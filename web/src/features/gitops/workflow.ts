/**
 * The workflow file of a repository, from the template of its platform. Pure.
 *
 * In a template `<<name>>` is an answer, and a line that begins with `@word ` stands only when that word holds. No secret
 * is ever written into it: pipelines have a place of their own for them.
 */
import azure from './workflows/azure.yml.tmpl?raw';
import bitbucket from './workflows/bitbucket.yml.tmpl?raw';
import github from './workflows/github.yml.tmpl?raw';
import gitlab from './workflows/gitlab.yml.tmpl?raw';

export const PLATFORMS = ['github', 'gitlab', 'bitbucket', 'azure'] as const;
export type Platform = (typeof PLATFORMS)[number];

export const TEMPLATES: Readonly<Record<Platform, string>> = { github, gitlab, bitbucket, azure };

/** Where each platform looks for it. */
export const FILES: Readonly<Record<Platform, string>> = {
  github: '.github/workflows/basalt.yml',
  gitlab: '.gitlab-ci.yml',
  bitbucket: 'bitbucket-pipelines.yml',
  azure: 'azure-pipelines.yml',
};

/** A key that is kept as a secret, or a token that the platform makes for each run. */
export const SIGN_INS = ['key', 'identity'] as const;
export type SignIn = (typeof SIGN_INS)[number];

/** Those whose tokens Basalt knows. */
export const hasIdentity = (platform: Platform) => platform === 'github' || platform === 'gitlab';

/** What a pipeline keeps as a secret: the name of it, never its value. */
export const SECRET = 'BASALT_SERVICE_ACCOUNT_SECRET';

export interface Answers {
  platform: Platform;
  signIn: SignIn;
  /** Address of Basalt, as runners reach it. */
  url: string;
  project: string;
  /** Address of the service account or workload identity. */
  account: string;
  /** `instances/{instance}/databases/{database}` */
  targets: readonly string[];
  /** Which files of the repository are migrations. */
  files: string;
  branch: string;
  /** `environments/test`: what is run right after the merge; '' for nothing. */
  stage: string;
  /** Where runners get the program from. */
  program: string;
  /** Of the program; '' when it is not to be compared. */
  sha256: string;
}

export type Field = 'files' | 'branch' | 'program' | 'sha256' | 'targets' | 'account';

/** Text that ends no quoted word of a shell or of YAML, and that neither a shell nor a platform expands. */
const isQuotable = (text: string) => !/['"`$\\<>\p{Cc}]/u.test(text);

const RULES: Readonly<Record<Field, (answers: Answers) => boolean>> = {
  files: ({ files }) => files !== '' && !/\s/.test(files) && isQuotable(files) && !files.startsWith('/'),
  branch: ({ branch }) => /^[\w][\w./-]*$/.test(branch),
  targets: ({ targets }) =>
    targets.length > 0 && targets.every((name) => isQuotable(name) && !name.includes(',')),
  account: ({ account }) => account !== '',
  program: ({ program }) => /^https?:\/\/[^\s/]+\S*$/i.test(program) && isQuotable(program),
  sha256: ({ sha256 }) => sha256 === '' || /^[0-9a-f]{64}$/i.test(sha256),
};

/** What is missing or cannot be written into a workflow. */
export const problemsOf = (answers: Answers): Field[] =>
  (Object.keys(RULES) as Field[]).filter((field) => !RULES[field](answers));

export function workflow(answers: Answers): string {
  const words: Readonly<Record<string, boolean>> = {
    key: answers.signIn === 'key',
    identity: answers.signIn === 'identity',
    stage: answers.stage !== '',
    nowhere: answers.stage === '',
    sha256: answers.sha256 !== '',
  };
  const values: Readonly<Record<string, string>> = {
    ...answers,
    targets: answers.targets.join(','),
    sha256: answers.sha256.toLowerCase(),
  };
  return TEMPLATES[answers.platform]
    .split('\n')
    .flatMap((line) => {
      const [mark = '', word = ''] = /^@(\w+) /.exec(line) ?? [];
      return word && !words[word] ? [] : [line.slice(mark.length)];
    })
    .join('\n')
    .replace(/<<(\w+)>>/g, (whole, name: string) => values[name] ?? whole);
}
