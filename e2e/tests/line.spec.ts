/**
 * The line from an empty server to a recorded change, on real PostgreSQL and MariaDB servers: journeys J1 to J8 of the
 * design. Each test goes on where the one before it ended.
 */

import { expectAccessible } from '../support/a11y.ts';
import { Console } from '../support/console.ts';
import { expect, test } from '../support/fixtures.ts';

const ADMIN = { name: 'Ann Administrator', email: 'ann@example.com', password: 'long enough 1' };

test.describe.configure({ mode: 'serial' });

test('J1 the first administrator sets up the workspace, signs out and in', async ({ page }) => {
  const c = new Console(page);
  await page.goto('/');
  await expect(c.heading('Create the first administrator')).toBeVisible();
  await expectAccessible(page, 'first administrator');
  await c.box('Full name').fill(ADMIN.name);
  await c.box('Email').fill(ADMIN.email);
  await c.box('Password').fill('short');
  await expect(c.alert('too weak')).toBeVisible();
  await c.box('Password').fill(ADMIN.password);
  await c.button('Create administrator').click();

  await expect(c.heading('Set up your workspace')).toBeVisible();
  await expectAccessible(page, 'set-up');
  await page.reload();
  await expect(c.radio('Start with sample data')).toBeVisible();
  await c.radio('Start with my own databases').check();
  await c.button('Finish setup').click();

  await expect(c.heading('Home')).toBeVisible();
  const started = page.getByRole('list', { name: 'Getting started' });
  await expect(started.getByRole('listitem')).toHaveCount(4);
  await expectAccessible(page, 'home');
  await page.reload();
  await expect(started.getByRole('listitem')).toHaveCount(4);
  await page.goto('/setup');
  await expect(c.heading('Home')).toBeVisible();

  await c.menu('Account', 'Sign out');
  await expect(c.heading('Sign in')).toBeVisible();
  await expectAccessible(page, 'sign in');
  await c.signIn(ADMIN.email, ADMIN.password);
  await expect(c.heading('Home')).toBeVisible();
});
