/**
 * Walks the contract of names (J1 to J5, J7, J8 in short) through a browser: `node dev/journeys.mjs`.
 * Wants an empty server on $URL: `MOCK=fresh npm run dev`, or a real one without an administrator whose
 * databases shop_test and shop_prod the given host, user and password open. Fails on console errors.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const base = process.env.URL ?? 'http://127.0.0.1:5173';
const server = {
  host: process.env.PGHOST ?? 'db.example.com',
  port: process.env.PGPORT ?? '5432',
  user: process.env.PGUSER ?? 'basalt',
  password: process.env.PGPASSWORD ?? 'right',
};
// Evaluated, not added as a script: the page's policy forbids inline scripts.
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const say = (text) => process.stdout.write(`${text}\n`);

const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
});
const context = await browser.newContext({
  viewport: { width: 1440, height: 900 },
  colorScheme: process.env.THEME ?? 'light',
});
const page = await context.newPage();
page.setDefaultTimeout(10_000);
const errors = [];
process.on('uncaughtException', async (error) => {
  say(String(error.message));
  for (const line of errors) say(`error: ${line}`);
  await page.screenshot({ path: process.env.SHOT ?? '/tmp/journey-failed.png', fullPage: true });
  process.exit(1);
});
page.on('console', (message) => {
  // A refused call is an answer the journey asks for; the browser reports it all the same.
  if (message.type() === 'error' && !/status of 40[09]/.test(message.text())) errors.push(message.text());
});
page.on('pageerror', (error) => errors.push(error.message));

const button = (name, options = {}) => page.getByRole('button', { name, ...options });
const box = (name) => page.getByRole('textbox', { name });
const heading = (name) => page.getByRole('heading', { name });
const see = (locator) => locator.waitFor();
const pick = async (name, option) => {
  await page.getByRole('combobox', { name }).click();
  await page.getByRole('option', { name: option }).click();
};
async function accessible(where) {
  await page.waitForTimeout(300); // Fading things have no contrast yet.
  await page.evaluate(axe);
  const found = await page.evaluate(() =>
    globalThis.axe.run({ resultTypes: ['violations'], preload: false }),
  );
  const bad = found.violations.filter((v) => v.impact === 'serious' || v.impact === 'critical');
  for (const v of bad) say(`axe ${where}: ${v.id} ${v.nodes.map((n) => n.target.join(' ')).join(' | ')}`);
  if (bad.length > 0) errors.push(`axe: ${where}: ${bad.map((v) => v.id).join(', ')}`);
}

say('J1 first run');
await page.goto(base);
await see(heading('Create the first administrator'));
await accessible('first administrator');
await box('Full name').fill('Ann Administrator');
await box('Email').fill('ann@example.com');
await box('Password').fill('short');
await see(page.getByRole('alert').filter({ hasText: 'too weak' }));
await box('Password').fill('long enough 1');
await button('Create administrator').click();
await see(heading('Set up your workspace'));
await page.reload();
await see(heading('Set up your workspace'));
await page.getByRole('radio', { name: 'Start with my own databases' }).check();
await button('Finish setup').click();
await see(heading('Home'));
await see(page.getByRole('list', { name: 'Getting started' }));
assert.equal(await page.getByRole('list', { name: 'Getting started' }).getByRole('listitem').count(), 4);
await accessible('home');
await page.goto(`${base}/setup`);
await see(heading('Home'));
await button('Account').click();
await page.getByRole('menuitem', { name: 'Sign out' }).click();
await see(heading('Sign in'));
await accessible('sign in');
await box('Email').fill('ann@example.com');
await box('Password').fill('long enough 1');
await button('Sign in').click();
await see(heading('Home'));

say('J2 instance');
await page.getByRole('link', { name: 'Instances' }).click();
await button('New instance').click();
await page.getByRole('radio', { name: 'PostgreSQL' }).check();
await box('Instance name').fill('PostgreSQL test');
await box('Host').fill(server.host);
await box('Port').fill(server.port);
await box('Username').fill(server.user);
await box('Password').fill('wrong password');
await pick('Environment', 'Test');
await button('Test connection').click();
await see(page.getByRole('alert').filter({ hasText: 'Check the user name and password' }));
await accessible('new instance');
await box('Password').fill(server.password);
await button('Test connection').click();
await see(page.getByRole('status').filter({ hasText: 'Connection works' }));
await button('Create instance').click();
await see(heading('PostgreSQL test'));
await see(page.getByRole('status').filter({ hasText: 'Synced' }));

say('J3 project and databases');
await page.getByRole('link', { name: 'Projects' }).click();
await button('New project').click();
await box('Project name').fill('Online shop');
assert.equal(await box('Project ID').inputValue(), 'online-shop');
await button('Create project').click();
await see(heading('No databases yet'));
const add = async () => {
  await button('Add databases').click();
  const dialog = page.getByRole('dialog', { name: 'Add databases' });
  await dialog.getByRole('searchbox', { name: 'Search databases' }).fill('shop');
  await dialog.getByRole('checkbox', { name: 'shop_test', exact: true }).check();
  await dialog.getByRole('checkbox', { name: 'shop_prod', exact: true }).check();
  await dialog.getByRole('button', { name: 'Add 2 databases' }).click();
  await see(page.getByRole('table', { name: 'Databases' }).getByRole('checkbox', { name: 'shop_prod' }));
};
await add();
await accessible('databases');
await page.getByRole('status').getByRole('button', { name: 'Undo' }).or(button('Undo')).first().click();
await see(heading('No databases yet'));
await add();
await page.getByRole('checkbox', { name: 'Select shop_prod', exact: true }).check();
await page
  .getByRole('toolbar', { name: 'Selected databases' })
  .getByRole('button', { name: 'Environment' })
  .click();
await pick('Environment', 'Prod');
await button('Save').click();
await see(page.getByRole('table', { name: 'Databases' }).getByText('Prod', { exact: true }));

say('J4 plan');
await page.getByRole('checkbox', { name: 'Select shop_test', exact: true }).check();
await page.getByRole('checkbox', { name: 'Select shop_prod', exact: true }).check();
await button('Change databases').click();
await page.waitForURL(/plans\/new/);
await see(box('Title'));
await button('Create plan').click();
const blockers = page.getByRole('dialog', { name: 'Before you can create this plan' });
await see(blockers.getByText('Add a title'));
await see(blockers.getByText('Write SQL'));
await box('Title').fill('Add loyalty tier');
await box('SQL statement').fill('-- tier\n\nCREAT TABLE loyalty_event (id int);');
await blockers.waitFor({ state: 'hidden' });
await page.waitForTimeout(500);
await page.reload();
await see(box('SQL statement').filter({ hasText: 'CREAT TABLE' }));
assert.equal(await box('Title').inputValue(), 'Add loyalty tier');
await button('Create plan').click();
await page.waitForURL(/plans\/\d+/);
await see(page.getByText('Draft', { exact: true }));

say('J5 checks');
const checks = page.getByRole('region', { name: 'Checks' });
await see(checks.getByRole('status').filter({ hasText: 'Checks finished' }));
await see(checks.getByRole('listitem').filter({ hasText: /Error.*line 3/ }));
await accessible('plan');
await checks.getByRole('button', { name: 'Go to line 3' }).click();
await page.waitForTimeout(200);
assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('aria-label')), 'SQL statement');
await page.keyboard.press('Control+a');
await page.keyboard.insertText('CREATE TABLE loyalty_event (id int);');
await button('Save', { exact: true }).click();
await see(checks.getByText('nothing to complain about'));
await button('Run checks again').click();
await see(checks.getByRole('status').filter({ hasText: 'Checks finished' }));

say('J7 rollout');
await button('Submit for review').click();
// A server may leave the making of the rollout to a person.
await button('Start rollout').or(button('Run Test stage')).waitFor();
if (await button('Start rollout').isVisible()) await button('Start rollout').click();
const stages = page.getByRole('region', { name: 'Rollout' }).getByRole('list', { name: 'Stages' });
await see(stages);
const order = await stages.getByRole('heading').allTextContents();
assert.deepEqual(order, ['Test', 'Prod']);
await button('Run Test stage').click();
await page
  .getByRole('alertdialog', { name: 'Run 1 task in Test?' })
  .getByRole('button', { name: 'Run now' })
  .click();
const row = (name) => stages.getByRole('listitem', { name });
await see(row('shop_test').getByRole('status').filter({ hasText: 'Done' }));
await button('Run Prod stage').click();
const confirm = page.getByRole('alertdialog', { name: 'Run 1 task in Prod?' });
await see(confirm.getByText('PROD', { exact: true }));
await accessible('production confirm');
await confirm.getByRole('radio', { name: 'Schedule' }).check();
await confirm.getByRole('textbox', { name: 'Start at' }).fill('2099-01-01T10:00');
await see(confirm.getByText('UTC'));
await confirm.getByRole('checkbox', { name: 'I understand this changes production' }).check();
await confirm.getByRole('button', { name: 'Schedule run' }).click();
await button('Cancel schedule').click();
await see(row('shop_prod').getByRole('status').filter({ hasText: 'Canceled' }));

say('J8 log');
await row('shop_test').getByRole('link', { name: 'View log' }).click();
const log = page.getByRole('region', { name: 'Task log' });
await see(log.getByRole('link', { name: 'Line 3', exact: true }));
await log.getByRole('link', { name: 'Line 3', exact: true }).click();
await page.waitForURL(/#L3/);
await page.reload();
await see(log.locator('[aria-current="true"]'));
await accessible('log');
await row('shop_prod').getByRole('button', { name: 'Skip task' }).click();
const skip = page.getByRole('alertdialog', { name: 'Skip 1 task in Prod?' });
await skip.getByRole('button', { name: 'Skip' }).click();
await see(skip.getByRole('alert'));
await skip.getByRole('textbox', { name: 'Reason' }).fill('Not needed there.');
await skip.getByRole('button', { name: 'Skip' }).click();
await see(row('shop_prod').getByRole('status').filter({ hasText: 'Skipped' }));

say('changelog');
await row('shop_test').getByRole('link', { name: 'shop_test' }).click();
await page.getByRole('tab', { name: 'Changelog' }).click();
await page.getByRole('table', { name: 'Changelog' }).getByRole('link').first().click();
await button('Compare with previous').click();
await see(page.getByRole('region', { name: 'Schema diff' }).getByText('Added table'));
await page.getByRole('radio', { name: 'Split' }).check();
await page.waitForURL(/diff=split/);
await accessible('diff');
await page.keyboard.press('Control+k');
await see(page.getByRole('dialog', { name: 'Search or jump to' }));
await page.keyboard.press('Escape');
await page.keyboard.press('?');
await see(page.getByRole('dialog', { name: 'Keyboard shortcuts' }));

await browser.close();
for (const error of errors) say(`error: ${error}`);
if (errors.length > 0) process.exit(1);
say('all journeys passed');
