import { useRpc } from '@/api/query';
import type { ServiceAccount, WorkloadIdentity } from '@/api/types';
import { useProjectAccess } from '@/features/access/access';
import { useDatabases } from '@/features/databases/useDatabase';
import { useEnvironments } from '@/features/environments/environments';
import { useRoles } from '@/features/roles/useRoles';
import { PROFILE } from '@/features/settings/useProfile';
import { useSearchState } from '@/hooks/useSearch';
import { useStored } from '@/hooks/useStored';
import { environmentId } from '@/lib/names';
import { type Finding, prerequisites } from './prerequisites';
import { type Answers, type Field, hasIdentity, PLATFORMS, problemsOf } from './workflow';

const MOST_ACCOUNTS = 200;
/** Nothing runs by itself after a merge. */
export const NOWHERE = 'none';

/** Where Basalt gives the program itself, of its own version. */
const PROGRAM = '/api/cli';

/** What was typed is there again after a reload; which platform is in the URL. */
type Typed = Pick<Answers, 'signIn' | 'account' | 'targets' | 'files' | 'branch' | 'program' | 'sha256'> & {
  /** The account that needs no key. */
  identity: string;
  /** An environment, or [NOWHERE]; '' for the first stage. */
  stage: string;
};

const FIRST: Typed = {
  signIn: 'key',
  account: '',
  identity: '',
  targets: [],
  files: 'migrations/**/*.sql',
  branch: 'main',
  stage: '',
  program: '',
  sha256: '',
};

export type GitOps = ReturnType<typeof useGitOps>;

/** The answers of the wizard, and what Basalt knows about them. */
export function useGitOps(project: string) {
  const [search, setSearch] = useSearchState();
  const [stored, store] = useStored<Partial<Typed>>(`gitops.${project}`, {});
  const typed: Typed = { ...FIRST, ...stored };
  const platform = PLATFORMS.find((one) => one === search.platform) ?? 'github';

  const access = useProjectAccess(project).data;
  const info = useRpc('ActuatorService/GetActuatorInfo', {}, { topics: [PROFILE] });
  const signIn = hasIdentity(platform) ? typed.signIn : 'key';
  const accounts = useRpc(
    'ServiceAccountService/ListServiceAccounts',
    { parent: project, pageSize: MOST_ACCOUNTS },
    { topics: ['serviceAccounts'], enabled: access?.may('bb.serviceAccounts.list') ?? false },
  );
  const identities = useRpc(
    'WorkloadIdentityService/ListWorkloadIdentities',
    { parent: project, pageSize: MOST_ACCOUNTS },
    {
      topics: ['workloadIdentities'],
      enabled: signIn === 'identity' && (access?.may('bb.workloadIdentities.list') ?? false),
    },
  );
  const policy = useRpc(
    'ProjectService/GetIamPolicy',
    { resource: project },
    { enabled: access?.may('bb.projects.getIamPolicy') ?? false },
  );
  const { roles } = useRoles();
  const databases = useDatabases(typed.targets);
  const stages = useStages(databases.map(({ effectiveEnvironment }) => effectiveEnvironment ?? ''));

  const isKnown = typed.stage === NOWHERE || stages.includes(typed.stage);
  const stage = isKnown ? typed.stage : (stages[0] ?? NOWHERE);
  const url = (info.data?.externalUrl || window.location.origin).replace(/\/+$/, '');
  const answers: Answers = {
    ...typed,
    platform,
    project,
    signIn,
    account: signIn === 'key' ? typed.account : typed.identity,
    url,
    program: typed.program || url + PROGRAM,
    stage: stage === NOWHERE ? '' : stage,
  };
  const problems: Field[] = problemsOf(answers);
  /** Undefined where they cannot be listed, so that one is typed. */
  const programs: (ServiceAccount & WorkloadIdentity)[] | undefined =
    signIn === 'key' ? accounts.data?.serviceAccounts : identities.data?.workloadIdentities;
  const facts = {
    externalUrl: info.data?.externalUrl,
    databases,
    account: programs?.find(({ email }) => email === answers.account),
    policy: policy.data,
    roles,
  };
  const findings: Finding[] = prerequisites(facts, answers, problems);
  return {
    answers,
    /** Typed instead of Basalt's own address of the program. */
    ownProgram: typed.program,
    /** What the choice of a stage shows. */
    stage,
    stages,
    problems,
    findings,
    programs,
    mayCreate:
      access?.may(signIn === 'key' ? 'bb.serviceAccounts.create' : 'bb.workloadIdentities.create') ?? false,
    mayGrant: access?.may('bb.projects.setIamPolicy') ?? false,
    policy: policy.data,
    setPlatform: (next: Answers['platform']) => setSearch({ platform: next }),
    set: (patch: Partial<Typed>) => store({ ...stored, ...patch }),
  };
}

/** The environments among these, in the order of stages. */
function useStages(of: readonly string[]): string[] {
  const { data = [] } = useEnvironments();
  const names = data.map(({ id }) => `environments/${id}`);
  return names.filter((name) => of.some((one) => environmentId(one) === environmentId(name)));
}
