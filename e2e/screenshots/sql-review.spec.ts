/** SQL review: configurations, a rule with its settings, docs, a trial, where it is in force, and a finding of a plan. */
import { Console } from '../support/console.ts';
import { expect, test } from '../support/fixtures.ts';
import { call } from '../support/shop.ts';
import { shoot } from '../support/shots.ts';

test.use({ mode: 'demo' });

const LONG = 'Rules for the databases of all European subsidiaries, 2027';

test('SQL review', async ({ page, guard }) => {
  guard.allow(/UserService\/GetCurrentUser$|AuthService\/Refresh$/, 401);
  const c = new Console(page);
  await c.enterAs('Ada Admin');

  await page.goto('/sql-review');
  await expect(c.heading('No configuration yet')).toBeVisible();
  await shoot(page, 'review-empty', { phone: true });
  await c.button('New configuration').click();
  await expect(c.radio('Development')).toBeVisible();
  await shoot(page, 'review-new', { phone: true });
  await c.button('Create configuration').click();
  await expect(c.heading('Production')).toBeVisible();
  const { reviewConfigs = [] } = await call<{ reviewConfigs?: { rules?: object[] }[] }>(
    page,
    'ReviewConfigService/ListReviewConfigs',
    {},
  );
  await call(page, 'ReviewConfigService/CreateReviewConfig', {
    reviewConfig: {
      name: 'reviewConfigs/europe',
      title: LONG,
      rules: reviewConfigs[0]?.rules?.slice(0, 9),
      resources: ['environments/test', 'projects/shop'],
    },
  });
  await call(page, 'ReviewConfigService/UpdateReviewConfig', {
    reviewConfig: { name: 'reviewConfigs/production', resources: ['environments/prod'] },
    updateMask: 'resources',
  });
  await page.goto('/sql-review');
  await expect(c.link(LONG)).toBeVisible();
  await shoot(page, 'review-configs', { phone: true });

  await page.goto('/sql-review/production');
  const index = page.getByRole('listitem', { name: 'NAMING_INDEX_IDX' });
  await index.getByRole('button', { name: /^Settings/ }).click();
  await index.getByRole('textbox', { name: 'Try a name' }).fill('idx_book_title');
  await page
    .getByRole('group', { name: 'Level of NAMING_TABLE' })
    .getByRole('radio', { name: 'Error' })
    .check();
  await shoot(page, 'review-config', { phone: true });
  await index.getByRole('textbox', { name: 'Format' }).fill('');
  await c.button('Save').click();
  await expect(c.alert('This cannot be saved yet')).toBeVisible();
  await shoot(page, 'review-wrong', { phone: true });
  await c.button('Discard').click();

  await page.goto('/sql-review/production?panel=INDEX_CREATE_CONCURRENTLY');
  await expect(c.heading('Why')).toBeVisible();
  await shoot(page, 'review-docs', { phone: true });
  await page.goto('/sql-review/production?panel=try');
  await c.radio('A schema').check();
  await c.box('Schema').fill('CREATE TABLE book (id int PRIMARY KEY, title text, pages int);');
  await c.write(
    c.box('SQL to review'),
    'ALTER TABLE book ADD CHECK (pages > 0);\nCREATE INDEX ON book (title);\nUPDATE book SET title = \'x\';\n-- basalt:ignore TABLE_REQUIRE_PK filled by a nightly job\nCREATE TABLE "Shelf" (room text);\n',
  );
  await expect(page.getByRole('list', { name: 'Findings' })).toBeVisible();
  await shoot(page, 'review-try', { phone: true });
  await page.goto('/sql-review/production');
  await c.button('Attach').click();
  await expect(c.dialog('Attach Production').getByRole('checkbox', { name: 'Web shop' })).toBeVisible();
  await shoot(page, 'review-attach', { phone: true });

  await page.goto('/sql-rules/INDEX_CREATE_CONCURRENTLY');
  await expect(c.heading('Why')).toBeVisible();
  await shoot(page, 'review-rule', { phone: true });
  await page.goto('/environments');
  await expect(page.getByRole('combobox', { name: 'SQL review of Prod' })).toBeVisible();
  await shoot(page, 'review-environments', { phone: true, full: true });
  await page.goto('/projects/shop/settings');
  await expect(c.table('In force')).toBeVisible();
  await shoot(page, 'review-project', { phone: true, full: true });

  await c.signOut();
  await c.button('Continue as Devi Developer').click();
  await expect(c.heading('Home')).toBeVisible();
  await page.goto('/sql-review/production');
  await expect(page.getByRole('note').filter({ hasText: 'You may read this' })).toBeVisible();
  await shoot(page, 'review-read-only', { phone: true });
});
