/** A server that nobody has used yet. */
import { Console } from '../support/console.ts';
import { expect, test } from '../support/fixtures.ts';
import { shoot } from '../support/shots.ts';

test('first run', async ({ page, guard }) => {
  const c = new Console(page);
  await page.goto('/');
  await expect(c.heading('Create the first administrator')).toBeVisible();
  await c.box('Full name').fill('Ann Administrator');
  await c.box('Email').fill('ann@example.com');
  await c.box('Password').fill('short');
  await shoot(page, 'first-administrator');
  await c.box('Password').fill('long enough 1');
  await c.button('Create administrator').click();
  await expect(c.heading('Set up your workspace')).toBeVisible();
  await shoot(page, 'set-up');
  await c.radio('Start with my own databases').check();
  await c.button('Finish setup').click();
  await expect(c.heading('Home')).toBeVisible();
  await shoot(page, 'home-checklist', { phone: true });
  await c.nav('Instances').click();
  await expect(c.heading('No instances yet')).toBeVisible();
  await shoot(page, 'instances-empty');
  await c.button('New instance').first().click();
  await c.radio('PostgreSQL').check();
  await c.box('Instance name').fill('Shop production');
  await c.box('Host').fill('127.0.0.1');
  await c.box('Port').fill('1');
  await c.box('Username').fill('basalt');
  await c.pick('Environment', 'Prod');
  guard.allow(/InstanceService\/CreateInstance$/, 400);
  await c.button('Test connection').click();
  await expect(c.alert('The server cannot be reached')).toBeVisible();
  await c.alert('The server cannot be reached').scrollIntoViewIfNeeded();
  await shoot(page, 'new-instance-failed');
});
