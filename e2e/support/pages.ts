/**
 * The pages of the console on the demo's sample data: what holds on every page is looked at on each of them. A route
 * that is in neither list fails tests/gates.spec.ts.
 */

export interface PageOfDemo {
  path: string;
  /** What says that it is there. */
  heading: string;
  /** An editor or a diagram may be wider than a small screen. */
  wide?: boolean;
}

const SHOP = '/instances/shop-test/databases/shop';

export const PAGES: readonly PageOfDemo[] = [
  { path: '/', heading: 'Home' },
  { path: '/projects', heading: 'Projects' },
  { path: '/projects/shop', heading: 'Web shop' },
  { path: '/projects/shop/databases', heading: 'Databases' },
  { path: '/projects/shop/issues', heading: 'Issues' },
  { path: '/projects/shop/plans', heading: 'Plans' },
  { path: '/projects/shop/plans/new', heading: 'New plan', wide: true },
  { path: '/projects/shop/plans/2', heading: 'Loyalty points for customers', wide: true },
  { path: '/projects/shop/plans/3?tab=rollout&task=5', heading: 'Coupons', wide: true },
  { path: '/projects/shop/plans/3/tasks/5', heading: 'shop', wide: true },
  { path: '/projects/shop/releases', heading: 'Releases' },
  { path: '/projects/shop/gitops', heading: 'GitOps' },
  { path: '/projects/shop/repositories', heading: 'GitOps' },
  { path: '/projects/shop/repositories/new', heading: 'Watch a repository' },
  { path: '/projects/shop/members', heading: 'Members' },
  { path: '/projects/shop/service-accounts', heading: 'Service accounts' },
  { path: '/projects/shop/workload-identities', heading: 'Workload identities' },
  { path: '/projects/shop/webhooks', heading: 'Webhooks' },
  { path: '/projects/shop/audit-log', heading: 'Audit log' },
  { path: '/projects/shop/settings', heading: 'Settings' },
  { path: '/instances', heading: 'Instances' },
  { path: '/instances/new', heading: 'New instance' },
  { path: '/instances/shop-test', heading: 'Shop (test)' },
  { path: '/instances/shop-test?tab=settings', heading: 'Shop (test)' },
  { path: '/instances/shop-test?tab=connection', heading: 'Shop (test)' },
  { path: '/databases', heading: 'Databases' },
  { path: SHOP, heading: 'shop' },
  { path: `${SHOP}?tab=diagram`, heading: 'shop', wide: true },
  { path: `${SHOP}?tab=diagram&as=table`, heading: 'shop' },
  { path: `${SHOP}?tab=revisions`, heading: 'shop' },
  { path: `${SHOP}?tab=settings`, heading: 'shop' },
  { path: '/environments', heading: 'Environments' },
  { path: '/sql-review', heading: 'SQL review' },
  { path: '/sql-rules/TABLE_REQUIRE_PK', heading: 'TABLE_REQUIRE_PK' },
  { path: '/docs/api', heading: 'API' },
  { path: '/approval-flows', heading: 'Approval flows' },
  { path: '/approval-flows?panel=test', heading: 'Approval flows' },
  { path: '/issues', heading: 'My issues' },
  { path: '/users', heading: 'Users' },
  { path: '/groups', heading: 'Groups' },
  { path: '/members', heading: 'Members' },
  { path: '/service-accounts', heading: 'Service accounts' },
  { path: '/workload-identities', heading: 'Workload identities' },
  { path: '/single-sign-on', heading: 'Single sign-on' },
  { path: '/single-sign-on/new', heading: 'New provider' },
  { path: '/roles', heading: 'Roles' },
  { path: '/roles/projectOwner', heading: 'Project owner' },
  { path: '/audit-log', heading: 'Audit log' },
  { path: '/settings', heading: 'Settings' },
  { path: '/account', heading: 'Profile' },
];

/** Routes that the sample data has no page of, and the tests that walk them. */
export const ELSEWHERE: Readonly<Record<string, string>> = {
  '/auth/signin': 'demo.spec.ts',
  '/auth/signup': 'identity.spec.ts',
  '/auth/forgot-password': 'identity.spec.ts',
  '/auth/reset-password': 'identity.spec.ts',
  '/auth/required': 'identity.spec.ts',
  '/auth/first-administrator': 'line.spec.ts',
  '/oidc/callback': 'sign-on.spec.ts',
  '/single-sign-on/$provider': 'sign-on.spec.ts',
  '/setup': 'line.spec.ts',
  '/dev/ui': 'demo.spec.ts',
  '/projects/$project/issues/$issue': 'approval.spec.ts',
  '/projects/$project/webhooks/$webhook': 'webhooks.spec.ts',
  '/projects/$project/releases/$release': 'releases.spec.ts',
  '/projects/$project/repositories/$repository': 'repositories.spec.ts',
  '/instances/$instance/databases/$database/changelogs/$changelog': 'line.spec.ts',
  '/instances/$instance/databases/$database/revisions/$revision': 'releases.spec.ts',
  '/sql-review/$config': 'sql-review.spec.ts',
  '/sql-editor': 'a journey of its own',
  '/sql-editor/projects/$project/instances/$instance/databases/$database': 'a journey of its own',
};
