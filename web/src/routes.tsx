/**
 * The route table: one lazy line a page. Paths come from lib/paths.ts.
 *
 * Three kinds: `open` pages need nobody, `signedIn` pages stand in the shell and send a stranger to the
 * sign-in page (and a fresh server to the first administrator), `setup` needs a person but no shell. Who has to do something
 * first is sent to do it.
 */
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import type { User } from '@/api/types';
import { NotFoundPage } from '@/components/NotFound';
import { RouteError } from '@/components/RouteError';
import { type PagePermission, prefetchAccess } from '@/features/access/access';
import { prefetchProject } from '@/features/projects/useProject';
import { loadWaysIn } from '@/features/session/waysIn';
import { AppLayout } from '@/layouts/AppLayout';
import { paths, patterns } from '@/lib/paths';
import { loadBootstrap, loadMe } from '@/lib/session';

interface About {
  location: { href: string };
}

function goTo(path: string): never {
  const url = new URL(path, window.location.origin);
  throw redirect({ to: url.pathname as never, search: Object.fromEntries(url.searchParams) as never });
}

async function loadPerson({ location }: About): Promise<User> {
  const { needsFirstAdmin } = await loadBootstrap();
  if (needsFirstAdmin) goTo(paths.firstAdministrator());
  return (await loadMe()) ?? goTo(paths.signIn(location.href));
}

async function requirePerson(about: About): Promise<void> {
  const { requiredAction } = await loadPerson(about);
  if (requiredAction) goTo(paths.duty(about.location.href));
}

const root = createRootRoute({ component: Outlet, errorComponent: RouteError });
const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  component: AppLayout,
  beforeLoad: async (about) => {
    await requirePerson(about);
    const { project } = about.params as { project?: string };
    if (!project) return;
    prefetchProject(`projects/${project}`);
    prefetchAccess(`projects/${project}`);
  },
});

type Loader = Parameters<typeof lazyRouteComponent>[0];

const open = (path: string, load: Loader, loader?: () => Promise<unknown>) =>
  createRoute({ getParentRoute: () => root, path, component: lazyRouteComponent(load), loader });
const person = (path: string, load: Loader, beforeLoad: (about: About) => Promise<void> = requirePerson) =>
  createRoute({ getParentRoute: () => root, path, component: lazyRouteComponent(load), beforeLoad });
const page = (path: string, load: Loader, needs?: PagePermission, fill = false) =>
  createRoute({
    getParentRoute: () => shell,
    path,
    component: lazyRouteComponent(load),
    staticData: { needs, fill },
  });
const missing = createRoute({ getParentRoute: () => shell, path: '$', component: NotFoundPage });

const sqlEditor: Loader = () => import('@/pages/query/SqlEditorPage');

const pages = [
  page(patterns.home, () => import('@/pages/home/HomePage')),
  page(patterns.projects, () => import('@/pages/projects/ProjectsPage')),
  page(patterns.project, () => import('@/pages/projects/ProjectPage')),
  page(patterns.projectDatabases, () => import('@/pages/projects/ProjectDatabasesPage'), 'bb.databases.list'),
  page(patterns.projectIssues, () => import('@/pages/issues/ProjectIssuesPage'), 'bb.issues.list'),
  page(
    patterns.projectMembers,
    () => import('@/pages/projects/ProjectMembersPage'),
    'bb.projects.getIamPolicy',
  ),
  page(
    patterns.projectServiceAccounts,
    () => import('@/pages/projects/ProjectServiceAccountsPage'),
    'bb.serviceAccounts.list',
  ),
  page(
    patterns.projectWorkloadIdentities,
    () => import('@/pages/projects/ProjectWorkloadIdentitiesPage'),
    'bb.workloadIdentities.list',
  ),
  page(patterns.projectAuditLog, () => import('@/pages/projects/ProjectAuditLogPage'), 'bb.auditLogs.search'),
  page(patterns.webhooks, () => import('@/pages/projects/WebhooksPage'), 'bb.projects.update'),
  page(patterns.webhook, () => import('@/pages/projects/WebhookPage'), 'bb.projects.update'),
  page(patterns.releases, () => import('@/pages/releases/ReleasesPage'), 'bb.releases.list'),
  page(patterns.release, () => import('@/pages/releases/ReleasePage'), 'bb.releases.get'),
  page(patterns.gitops, () => import('@/pages/releases/GitOpsPage'), 'bb.releases.list'),
  page(patterns.repositories, () => import('@/pages/releases/GitOpsPage'), 'bb.releases.list'),
  page(patterns.newRepository, () => import('@/pages/repositories/NewRepositoryPage'), 'bb.projects.update'),
  page(patterns.repository, () => import('@/pages/repositories/RepositoryPage'), 'bb.releases.list'),
  page(patterns.projectSettings, () => import('@/pages/projects/ProjectSettingsPage')),
  page(patterns.plans, () => import('@/pages/plans/PlansPage'), 'bb.plans.list'),
  page(patterns.newPlan, () => import('@/pages/plans/NewPlanPage'), 'bb.plans.create'),
  page(patterns.plan, () => import('@/pages/plans/PlanPage')),
  page(patterns.task, () => import('@/pages/plans/TaskPage')),
  page(patterns.issue, () => import('@/pages/issues/IssuePage')),
  page(patterns.instances, () => import('@/pages/instances/InstancesPage'), 'bb.instances.list'),
  page(patterns.newInstance, () => import('@/pages/instances/NewInstancePage'), 'bb.instances.create'),
  page(patterns.instance, () => import('@/pages/instances/InstancePage'), 'bb.instances.get'),
  page(patterns.databases, () => import('@/pages/databases/DatabasesPage')),
  page(patterns.database, () => import('@/pages/databases/DatabasePage')),
  page(patterns.changelog, () => import('@/pages/databases/ChangelogPage')),
  page(patterns.revision, () => import('@/pages/databases/RevisionPage')),
  page(patterns.sqlEditor, sqlEditor, undefined, true),
  page(patterns.sqlEditorDatabase, sqlEditor, undefined, true),
  page(patterns.environments, () => import('@/pages/workspace/EnvironmentsPage')),
  page(patterns.reviewConfigs, () => import('@/pages/review/ReviewConfigsPage'), 'bb.reviewConfigs.list'),
  page(patterns.reviewConfig, () => import('@/pages/review/ReviewConfigPage'), 'bb.reviewConfigs.get'),
  page(patterns.reviewRule, () => import('@/pages/review/ReviewRulePage')),
  page(patterns.apiDocs, () => import('@/pages/docs/ApiPage')),
  page(patterns.approvalFlows, () => import('@/pages/workspace/ApprovalFlowsPage'), 'bb.settings.get'),
  page(patterns.users, () => import('@/pages/workspace/UsersPage')),
  page(patterns.groups, () => import('@/pages/workspace/GroupsPage'), 'bb.groups.list'),
  page(patterns.auditLog, () => import('@/pages/workspace/AuditLogPage'), 'bb.auditLogs.search'),
  page(patterns.members, () => import('@/pages/workspace/MembersPage')),
  page(
    patterns.serviceAccounts,
    () => import('@/pages/workspace/ServiceAccountsPage'),
    'bb.serviceAccounts.list',
  ),
  page(
    patterns.workloadIdentities,
    () => import('@/pages/workspace/WorkloadIdentitiesPage'),
    'bb.workloadIdentities.list',
  ),
  page(
    patterns.identityProviders,
    () => import('@/pages/workspace/SingleSignOnPage'),
    'bb.identityProviders.get',
  ),
  page(
    patterns.newIdentityProvider,
    () => import('@/pages/workspace/NewIdentityProviderPage'),
    'bb.identityProviders.create',
  ),
  page(
    patterns.identityProvider,
    () => import('@/pages/workspace/IdentityProviderPage'),
    'bb.identityProviders.get',
  ),
  page(patterns.roles, () => import('@/pages/workspace/RolesPage')),
  page(patterns.role, () => import('@/pages/workspace/RolePage')),
  page(patterns.settings, () => import('@/pages/workspace/SettingsPage')),
  page(patterns.myIssues, () => import('@/pages/issues/MyIssuesPage')),
  page(patterns.account, () => import('@/pages/workspace/AccountPage')),
  page(patterns.devUi, () => import('@/pages/dev/UiPage')),
];

const routeTree = root.addChildren([
  open(patterns.signIn, () => import('@/pages/auth/SignInPage'), loadWaysIn),
  open(patterns.signOnCallback, () => import('@/pages/auth/SignOnCallbackPage')),
  open(patterns.signUp, () => import('@/pages/auth/SignUpPage')),
  open(patterns.forgotPassword, () => import('@/pages/auth/ForgotPasswordPage')),
  open(patterns.resetPassword, () => import('@/pages/auth/ResetPasswordPage')),
  person(
    patterns.duty,
    () => import('@/pages/auth/DutyPage'),
    async (about) => void (await loadPerson(about)),
  ),
  open(patterns.firstAdministrator, () => import('@/pages/auth/FirstAdministratorPage')),
  person(patterns.setup, () => import('@/pages/auth/SetupPage')),
  shell.addChildren([...pages, missing]),
]);

/** The query is plain text on both sides: `?q=12` stays the string "12". */
const parseSearch = (text: string) => Object.fromEntries(new URLSearchParams(text));
const stringifySearch = (search: Record<string, unknown>) => {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(search)) if (value) params.set(key, String(value));
  const text = params.toString();
  return text ? `?${text}` : '';
};

export const router = createRouter({
  routeTree,
  parseSearch,
  stringifySearch,
  scrollRestoration: true,
  defaultPreload: 'intent',
  defaultErrorComponent: RouteError,
  defaultPendingMs: 150,
});
