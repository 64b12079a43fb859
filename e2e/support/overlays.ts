/**
 * Everything of the console that lies over a page, and how a person without a mouse opens it, on the demo's data and
 * on what tests/overlays.spec.ts adds to it. A component that opens one and is in neither list fails there.
 */
import type { Locator } from '@playwright/test';
import type { Console } from './console.ts';

export interface Overlay {
  /** Its source, below web/src. */
  of: string;
  path: string;
  /** What is pressed; afterwards it has the focus again. */
  opener: (c: Console) => Locator;
  /** The item to choose, when the opener opens a menu that leads there. */
  item?: string;
  is: 'dialog' | 'alertdialog' | 'menu';
  name: string | RegExp;
  /** What is pressed there, when it is not Enter. */
  keys?: string;
  /** What must be done first for the opener to be there. */
  first?: (c: Console) => Promise<void>;
  /** Only where the menu has no place beside the page. */
  phone?: boolean;
}

const all = (c: Console) => c.page.getByRole('checkbox', { name: 'Select all on this page' }).check();
const bulk = (name: string) => (c: Console) =>
  c.page.getByRole('toolbar', { name: 'Selected databases' }).getByRole('button', { name, exact: true });
const button = (name: string) => (c: Console) => c.button(name);
const SHOP = '/instances/shop-test/databases/shop';
const SQL = `/sql-editor/projects/shop${SHOP}`;

export const OVERLAYS: readonly Overlay[] = [
  { of: 'features/shell/AccountMenu.tsx', path: '/', opener: button('Account'), is: 'menu', name: 'Account' },
  {
    of: 'features/shell/Palette.tsx',
    path: '/',
    opener: (c) => c.page.getByRole('button', { name: /^Search or jump to/ }),
    is: 'dialog',
    name: 'Search or jump to',
  },
  {
    of: 'features/shell/Shortcuts.tsx',
    path: '/',
    opener: button('Help'),
    is: 'dialog',
    name: 'Keyboard shortcuts',
  },
  {
    of: 'features/shell/Shortcuts.tsx',
    path: '/projects',
    opener: button('Account'),
    item: 'Keyboard shortcuts',
    is: 'dialog',
    name: 'Keyboard shortcuts',
  },
  {
    of: 'features/shell/ProjectSwitcher.tsx',
    path: '/projects/shop',
    opener: button('Switch project'),
    is: 'dialog',
    name: 'Switch project',
  },
  {
    of: 'features/shell/NavDrawer.tsx',
    path: '/projects/shop',
    opener: button('Menu'),
    is: 'dialog',
    name: 'Menu',
    phone: true,
  },
  {
    of: 'components/list/ListBar.tsx',
    path: '/databases',
    opener: button('Filter'),
    is: 'menu',
    name: 'Filter',
  },
  { of: 'components/list/ListBar.tsx', path: '/databases', opener: button('View'), is: 'menu', name: 'View' },
  {
    of: 'features/databases/LabelsDialog.tsx',
    path: '/databases',
    first: all,
    opener: bulk('Labels'),
    is: 'dialog',
    name: /^Labels of \d+ databases$/,
  },
  {
    of: 'features/databases/EnvironmentDialog.tsx',
    path: '/databases',
    first: all,
    opener: bulk('Environment'),
    is: 'dialog',
    name: /^Environment of \d+ databases$/,
  },
  {
    of: 'features/databases/TransferDialog.tsx',
    path: '/databases',
    first: all,
    opener: bulk('Transfer'),
    is: 'dialog',
    name: /^Transfer \d+ databases$/,
  },
  {
    of: 'features/databases/AddDatabasesDialog.tsx',
    path: '/projects/shop/databases',
    opener: button('Add databases'),
    is: 'dialog',
    name: 'Add databases',
  },
  {
    of: 'features/databases/MarkAppliedDialog.tsx',
    path: `${SHOP}?tab=revisions`,
    opener: button('Mark versions as applied'),
    is: 'dialog',
    name: 'Mark versions as applied',
  },
  {
    of: 'features/databases/RevisionRemoval.tsx',
    path: `${SHOP}?tab=revisions`,
    opener: button('Take back'),
    is: 'alertdialog',
    name: /^Take back version/,
  },
  {
    of: 'features/projects/NewProjectDialog.tsx',
    path: '/projects',
    opener: button('New project'),
    is: 'dialog',
    name: 'New project',
  },
  {
    of: 'pages/projects/ProjectSettingsPage.tsx',
    path: '/projects/shop/settings',
    opener: button('Archive project'),
    is: 'alertdialog',
    name: 'Archive Web shop?',
  },
  {
    of: 'features/access/GrantDialog.tsx',
    path: '/projects/shop/members',
    opener: button('Add member'),
    is: 'dialog',
    name: 'Add member',
  },
  {
    of: 'features/webhooks/WebhookDialog.tsx',
    path: '/projects/shop/webhooks',
    opener: button('Add webhook'),
    is: 'dialog',
    name: 'Add webhook',
  },
  {
    of: 'features/webhooks/WebhookActions.tsx',
    path: '/projects/shop/webhooks',
    opener: button('Actions for Release channel'),
    is: 'menu',
    name: 'Actions for Release channel',
  },
  {
    of: 'features/webhooks/WebhookActions.tsx',
    path: '/projects/shop/webhooks',
    opener: button('Actions for Release channel'),
    item: 'Edit',
    is: 'dialog',
    name: 'Edit Release channel',
  },
  {
    of: 'features/webhooks/WebhookActions.tsx',
    path: '/projects/shop/webhooks',
    opener: button('Actions for Release channel'),
    item: 'Delete webhook',
    is: 'alertdialog',
    name: 'Delete Release channel?',
  },
  {
    of: 'features/access/UserDialog.tsx',
    path: '/users',
    opener: button('New user'),
    is: 'dialog',
    name: 'New user',
  },
  {
    of: 'features/groups/GroupDialog.tsx',
    path: '/groups',
    opener: button('New group'),
    is: 'dialog',
    name: 'New group',
  },
  {
    of: 'features/groups/GroupDialog.tsx',
    path: '/groups',
    opener: button('Edit Release crew'),
    is: 'dialog',
    name: 'Edit Release crew',
  },
  {
    of: 'features/groups/GroupDeletion.tsx',
    path: '/groups',
    opener: button('Delete Release crew'),
    is: 'alertdialog',
    name: 'Delete Release crew',
  },
  {
    of: 'features/roles/RoleDialog.tsx',
    path: '/roles',
    opener: button('New role'),
    is: 'dialog',
    name: 'New role',
  },
  {
    of: 'features/roles/RoleDialog.tsx',
    path: '/roles',
    opener: button('Actions for Release manager'),
    item: 'Edit role',
    is: 'dialog',
    name: 'Edit role',
  },
  {
    of: 'pages/workspace/RolesPage.tsx',
    path: '/roles',
    opener: button('Actions for Release manager'),
    is: 'menu',
    name: 'Actions for Release manager',
  },
  {
    of: 'pages/workspace/RolesPage.tsx',
    path: '/roles',
    opener: button('Actions for Release manager'),
    item: 'Delete role',
    is: 'alertdialog',
    name: 'Delete Release manager?',
  },
  {
    of: 'features/serviceAccounts/NewAccountDialog.tsx',
    path: '/service-accounts',
    opener: button('New service account'),
    is: 'dialog',
    name: 'New service account',
  },
  {
    of: 'features/serviceAccounts/AccountActions.tsx',
    path: '/service-accounts',
    opener: button('Actions for Nightly'),
    is: 'menu',
    name: 'Actions for Nightly',
  },
  {
    of: 'features/serviceAccounts/AccountActions.tsx',
    path: '/service-accounts',
    opener: button('Actions for Nightly'),
    item: 'New key',
    is: 'alertdialog',
    name: 'New key for Nightly?',
  },
  {
    of: 'features/workloadIdentities/NewIdentityDialog.tsx',
    path: '/workload-identities',
    opener: button('New workload identity'),
    is: 'dialog',
    name: 'New workload identity',
  },
  {
    of: 'features/account/SecondFactorDialog.tsx',
    path: '/account',
    opener: button('Set up a second factor'),
    is: 'dialog',
    name: 'Set up a second factor',
  },
  {
    of: 'features/audit/ExportDialog.tsx',
    path: '/audit-log',
    opener: button('Export'),
    is: 'dialog',
    name: 'Export the audit log',
  },
  {
    of: 'features/audit/EntryDialog.tsx',
    path: '/audit-log?q=CreateRole',
    opener: (c) => c.table('Audit log').getByRole('button', { name: /^CreateRole/ }),
    is: 'dialog',
    name: 'CreateRole',
  },
  {
    of: 'features/review/NewConfigDialog.tsx',
    path: '/sql-review',
    opener: button('New configuration'),
    is: 'dialog',
    name: 'New configuration',
  },
  {
    of: 'features/review/ConfigMenu.tsx',
    path: '/sql-review',
    opener: button('More actions of House rules'),
    is: 'menu',
    name: 'More actions of House rules',
  },
  {
    of: 'features/review/ConfigMenu.tsx',
    path: '/sql-review',
    opener: button('More actions of House rules'),
    item: 'Delete',
    is: 'alertdialog',
    name: 'Delete House rules?',
  },
  {
    of: 'features/review/AttachDialog.tsx',
    path: '/sql-review/house-rules',
    opener: button('Attach'),
    is: 'dialog',
    name: 'Attach House rules',
  },
  {
    of: 'features/review/RuleList.tsx',
    path: '/sql-review/house-rules',
    opener: (c) => c.page.getByRole('button', { name: /^Set \d+ rules$/ }),
    is: 'menu',
    name: /^Set \d+ rules$/,
  },
  {
    of: 'pages/instances/InstancePage.tsx',
    path: '/instances/shop-test',
    opener: button('Archive'),
    is: 'alertdialog',
    name: 'Archive Shop (test)?',
  },
  {
    of: 'features/instances/InstanceConnection.tsx',
    path: '/instances/shop-test?tab=connection',
    opener: (c) => c.region('reader').getByRole('button', { name: 'Remove' }),
    is: 'alertdialog',
    name: 'Remove reader?',
  },
  {
    of: 'pages/instances/NewInstancePage.tsx',
    path: '/instances/new',
    first: async (c) => {
      await c.radio('PostgreSQL').check();
      await c.box('Instance name').fill('Nobody answers');
      await c.box('Host').fill('127.0.0.1');
      await c.box('Port').fill('1');
      await c.box('Username').fill('basalt');
      await c.pick('Environment', 'Test');
    },
    opener: button('Create instance'),
    is: 'alertdialog',
    name: 'Create it though the connection fails?',
  },
  {
    of: 'features/plans/Blockers.tsx',
    path: '/projects/shop/plans/new',
    opener: button('Create plan'),
    is: 'dialog',
    name: 'Before you can create this plan',
  },
  {
    of: 'features/plans/TargetsDialog.tsx',
    path: '/projects/shop/plans/new',
    opener: button('Choose databases'),
    is: 'dialog',
    name: 'Choose databases',
  },
  {
    of: 'features/plans/ChangeList.tsx',
    path: '/projects/shop/plans/new',
    first: (c) => c.button('Add change').click(),
    opener: button('Change 1: more actions'),
    is: 'menu',
    name: 'Change 1: more actions',
  },
  {
    of: 'features/plans/RenameDialog.tsx',
    path: '/projects/shop/plans/new',
    first: async (c) => {
      if (!(await c.button('Change 1: more actions').isVisible())) await c.button('Add change').click();
    },
    opener: button('Change 1: more actions'),
    item: 'Rename',
    is: 'dialog',
    name: 'Rename the change',
  },
  {
    of: 'features/plans/PlanHeader.tsx',
    path: '/projects/shop/plans/2',
    opener: button('More actions'),
    is: 'menu',
    name: 'More actions',
  },
  {
    of: 'features/emergency/EmergencyDialog.tsx',
    path: '/projects/shop/plans/2',
    opener: button('More actions'),
    item: 'Emergency run…',
    is: 'alertdialog',
    name: 'Run now, without approval?',
  },
  {
    of: 'features/plans/PlanLabels.tsx',
    path: '/projects/shop/plans/2',
    opener: button('Edit labels'),
    is: 'dialog',
    name: 'Labels',
  },
  {
    of: 'features/rollout/RunDialog.tsx',
    path: '/projects/shop/plans/2?tab=rollout',
    opener: button('Run Prod stage'),
    is: 'alertdialog',
    name: 'Run 1 task in Prod?',
  },
  {
    of: 'features/rollout/SkipDialog.tsx',
    path: '/projects/shop/plans/3?tab=rollout',
    opener: (c) => c.region('Rollout').getByRole('button', { name: 'Skip task' }).first(),
    is: 'alertdialog',
    name: /^Skip 1 task in/,
  },
  {
    of: 'features/query/sheets/SheetTabs.tsx',
    path: SQL,
    opener: button('More about this sheet'),
    is: 'menu',
    name: 'More about this sheet',
  },
  {
    of: 'features/query/panel/ResultView.tsx',
    path: SQL,
    first: run,
    opener: (c) => c.page.getByRole('button', { name: /^Copy (rows|\d+ cells)$/ }),
    is: 'menu',
    name: /^Copy (rows|\d+ cells)$/,
  },
  {
    of: 'features/query/panel/ColumnMenu.tsx',
    path: SQL,
    first: run,
    opener: (c) => c.page.getByRole('columnheader', { name: 'id', exact: true }),
    keys: 'Alt+ArrowDown',
    is: 'menu',
    name: 'Column id',
  },
  { of: 'pages/dev/UiPage.tsx', path: '/dev/ui', opener: button('Menu'), is: 'menu', name: 'Menu' },
  {
    of: 'ui/FormDialog.tsx',
    path: '/dev/ui',
    opener: button('Add member'),
    is: 'dialog',
    name: 'Add member',
  },
];

/** What only a state of things opens that other tests make, and where it is looked at. */
export const OVERLAYS_ELSEWHERE: Readonly<Record<string, string>> = {
  'components/ActionConfirm.tsx': 'opened by the deletion of a group, above',
  'features/access/FactorReset.tsx': 'identity.spec.ts: what the workspace asks of everybody',
  'components/TypedConfirm.tsx': 'opened by the settings of a project, above',
  'components/ShownOnce.tsx': 'pages.spec.ts: a key is shown once',
  'features/plans/ConflictDialog.tsx': 'plan.spec.ts: two versions',
  'features/plans/RolloutBlocked.tsx': 'sql-review.spec.ts: bypass the review',
  'features/rollout/ReplaceRestDialog.tsx': 'rollout.spec.ts: replace the rest',
  'features/workloadIdentities/IdentityActions.tsx':
    'workload-identities.spec.ts: made, seen, and deactivated',
  'features/workloadIdentities/EditIdentityDialog.tsx':
    'workload-identities.spec.ts: made, seen, and deactivated',
  'features/repositories/RepositoryActions.tsx': 'repositories.spec.ts: a new secret, and the end',
  'features/releases/ReleaseArchive.tsx': 'releases.spec.ts: archived and restored',
  'features/access/RoleRequestDialog.tsx': 'for who lacks a permission; opened by a refusal',
  'features/approval/ReviewDialog.tsx': 'approval.spec.ts: a change is sent back and approved',
  'features/review/ExceptionDialog.tsx': 'sql-review.spec.ts: exceptions',
  'features/emergency/EmergencyReviewDialog.tsx': 'emergency.spec.ts: somebody else reviews it',
  'features/plans/HotfixDialog.tsx': 'emergency.spec.ts: a hotfix is made again',
  'features/issues/IssueMenu.tsx': 'of issues that have no plan',
  'features/identity/ProviderDeletion.tsx': 'sign-on.spec.ts: a provider goes',
  'features/settings/MailSettings.tsx': 'identity.spec.ts: switch mail off',
  'features/session/SessionOverlay.tsx': 'demo.spec.ts: sign in again',
};

async function run(c: Console): Promise<void> {
  await c.write(c.box('SQL statement'), 'SELECT * FROM product;');
  await c.page.keyboard.press('Control+Enter');
  await c.page.getByRole('grid', { name: 'Result 1' }).waitFor();
}
