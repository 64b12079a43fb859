/** What the side menus hold. Only pages that exist stand here. */
import {
  Bot,
  Boxes,
  CircleUser,
  Cog,
  Database,
  Fingerprint,
  FolderKanban,
  GitPullRequestArrow,
  House,
  KeyRound,
  Layers,
  LayoutDashboard,
  ListChecks,
  type LucideIcon,
  Package,
  ScanSearch,
  ScrollText,
  Server,
  ShieldCheck,
  Stamp,
  Users,
  UsersRound,
  Webhook,
  Workflow,
} from 'lucide-react';
import { paths } from '@/lib/paths';

export interface NavItem {
  key:
    | 'home'
    | 'projects'
    | 'instances'
    | 'databases'
    | 'environments'
    | 'users'
    | 'groups'
    | 'auditLog'
    | 'members'
    | 'roles'
    | 'serviceAccounts'
    | 'workloadIdentities'
    | 'identityProviders'
    | 'releases'
    | 'gitops'
    | 'settings'
    | 'sqlReview'
    | 'approvalFlows'
    | 'webhooks'
    | 'overview'
    | 'issues'
    | 'plans';
  to: string;
  icon: LucideIcon;
  /** Pages that have a URL elsewhere and belong here all the same. */
  also?: string;
  /** Only the exact path counts as being there (a parent of all the others). */
  exact?: boolean;
}

export interface NavGroup {
  key: 'main' | 'access' | 'control' | 'changes' | 'data' | 'manage';
  items: NavItem[];
}

export const workspaceNav = (): NavGroup[] => [
  {
    key: 'main',
    items: [
      { key: 'home', to: paths.home(), icon: House, exact: true },
      { key: 'projects', to: paths.projects(), icon: FolderKanban },
      { key: 'instances', to: paths.instances(), icon: Server },
      { key: 'databases', to: paths.databases(), icon: Database },
      { key: 'environments', to: paths.environments(), icon: Layers },
    ],
  },
  {
    key: 'access',
    items: [
      { key: 'users', to: paths.users(), icon: Users },
      { key: 'groups', to: paths.groups(), icon: UsersRound },
      { key: 'members', to: paths.members(), icon: ShieldCheck },
      { key: 'roles', to: paths.roles(), icon: CircleUser },
      { key: 'serviceAccounts', to: paths.serviceAccounts(), icon: Bot },
      { key: 'workloadIdentities', to: paths.workloadIdentities(), icon: Fingerprint },
      { key: 'identityProviders', to: paths.identityProviders(), icon: KeyRound },
    ],
  },
  {
    key: 'control',
    items: [
      { key: 'sqlReview', to: paths.reviewConfigs(), icon: ScanSearch },
      { key: 'approvalFlows', to: paths.approvalFlows(), icon: Stamp },
    ],
  },
  {
    key: 'manage',
    items: [
      { key: 'auditLog', to: paths.auditLog(), icon: ScrollText },
      { key: 'settings', to: paths.settings(), icon: Cog },
    ],
  },
];

export const projectNav = (project: string): NavGroup[] => [
  {
    key: 'main',
    items: [{ key: 'overview', to: paths.project(project), icon: LayoutDashboard, exact: true }],
  },
  {
    key: 'changes',
    items: [
      { key: 'issues', to: paths.projectIssues(project), icon: ListChecks },
      { key: 'plans', to: paths.plans(project), icon: GitPullRequestArrow },
      { key: 'releases', to: paths.releases(project), icon: Package },
      { key: 'gitops', to: paths.gitops(project), also: paths.repositories(project), icon: Workflow },
    ],
  },
  { key: 'data', items: [{ key: 'databases', to: paths.projectDatabases(project), icon: Boxes }] },
  {
    key: 'manage',
    items: [
      { key: 'members', to: paths.projectMembers(project), icon: ShieldCheck },
      { key: 'serviceAccounts', to: paths.projectServiceAccounts(project), icon: Bot },
      { key: 'workloadIdentities', to: paths.projectWorkloadIdentities(project), icon: Fingerprint },
      { key: 'webhooks', to: paths.webhooks(project), icon: Webhook },
      { key: 'auditLog', to: paths.projectAuditLog(project), icon: ScrollText },
      { key: 'settings', to: paths.projectSettings(project), icon: Cog },
    ],
  },
];

/** A database's page lies under its instance's URL, and belongs to Databases all the same. */
const DATABASE_PAGE = /^\/instances\/[^/]+\/databases\//;

/** Whether `path` is the item's page or lies under it. */
export function isCurrent(item: NavItem, path: string): boolean {
  if (DATABASE_PAGE.test(path)) return item.to === paths.databases();
  const isAt = (to: string) => path === to || (!item.exact && path.startsWith(`${to}/`));
  return isAt(item.to) || (item.also !== undefined && isAt(item.also));
}
