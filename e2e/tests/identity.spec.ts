/** Who somebody is: second factors, forgotten passwords, codes by mail, and what a workspace asks of everybody. */
import type { Page } from '@playwright/test';
import { expectAccessible } from '../support/a11y.ts';
import { Console } from '../support/console.ts';
import { expect, test } from '../support/fixtures.ts';
import type { Guard } from '../support/guard.ts';
import { codeIn, MailServer } from '../support/smtp.ts';
import { totp } from '../support/totp.ts';

test.use({ mode: 'demo' });
test.describe.configure({ mode: 'serial' });

const ADA = 'admin@demo.basalt';
const DEVI = 'dev@demo.basalt';
const NEW_PASSWORD = 'chestnut-lantern-7';

let passwords: Record<string, string> = {};
let mail: MailServer;

test.beforeAll(async ({ basalt }) => {
  mail = await MailServer.start();
  const { demoUsers } = (await (await fetch(`${basalt.url}/api/bootstrap`)).json()) as {
    demoUsers: { email: string; password: string }[];
  };
  passwords = Object.fromEntries(demoUsers.map(({ email, password }) => [email, password]));
});
test.afterAll(() => mail.stop());
test.beforeEach(({ guard }) => {
  guard.allow(/UserService\/GetCurrentUser$|AuthService\/Refresh$/, 401);
});

/** Begins at the sign-in page, whoever was signed in before. */
async function signInAs(page: Page, email: string, password = passwords[email] ?? ''): Promise<Console> {
  const c = new Console(page);
  await page.goto('about:blank');
  await page.context().clearCookies();
  await page.goto('/auth/signin');
  await c.signIn(email, password);
  return c;
}

/** From the page that asks to begin, until it is on. @returns the secret, the code that confirmed it, and the recovery codes. */
async function setUpFactor(c: Console): Promise<{ secret: string; used: string; codes: string[] }> {
  await c.button('Begin').click();
  await expect(c.page.getByRole('img', { name: /^QR code/ })).toBeVisible();
  const secret = (await c.region('Key').textContent())?.replace(/\s/g, '') ?? '';
  expect(secret).toMatch(/^[A-Z2-7]{32}$/);
  await expectAccessible(c.page, 'second factor, on show');
  const used = totp(secret);
  await c.box('Code from the new app').fill(used);
  await c.button('Turn on').click();
  const kept = await c.region('Recovery codes').textContent();
  const codes = kept?.match(/\w{4}(-\w{4}){3}/g) ?? [];
  expect(codes).toHaveLength(10);
  return { secret, used, codes };
}

async function keepCodes(c: Console): Promise<void> {
  await c.page.getByRole('checkbox', { name: 'I have kept the codes' }).check();
  await c.button('Done').click();
}

/** The duty of who has a password of somebody else. */
async function changePassword(c: Console, password: string): Promise<void> {
  await expect(c.heading('Change your password')).toBeVisible();
  await c.box('New password').fill(password.toLowerCase());
  await expect(c.alert('This password is too weak')).toBeVisible();
  await expectAccessible(c.page, 'password required');
  await c.box('New password').fill(password);
  await c.button('Change password').click();
}

/** A setting of the workspace, changed on its page. */
async function settle(c: Console, section: string, change: () => Promise<unknown>): Promise<void> {
  await change();
  const bar = c.region(`Unsaved changes in ${section}`);
  await bar.getByRole('button', { name: 'Save' }).click();
  await expect(bar).toBeHidden();
}

test('a second factor is set up and asked for; a recovery code opens once', async ({ page, guard }) => {
  guard.allow(/UserService\/UpdateUser$/, 400);
  guard.allow(/AuthService\/Login$/, 401);
  let c = await signInAs(page, DEVI);
  await expect(c.heading('Home')).toBeVisible();
  await page.goto('/account');
  const factor = c.region('Second factor');
  await expect(factor).toContainText('Off');
  await factor.getByRole('button', { name: 'Set up a second factor' }).click();
  const dialog = c.dialog('Set up a second factor');
  await dialog.getByRole('button', { name: 'Begin' }).click();
  await c.box('Code from the new app').fill('12');
  await c.button('Turn on').click();
  await expect(c.alert('This code does not fit')).toBeVisible();
  await page.keyboard.press('Escape');
  await factor.getByRole('button', { name: 'Set up a second factor' }).click();
  const { secret, used, codes } = await setUpFactor(c);
  await page.keyboard.press('Escape');
  await c.button('Done').click();
  await expect(c.alert('tick the box first')).toBeVisible();
  const coming = page.waitForEvent('download');
  await c.button('Download').click();
  expect((await coming).suggestedFilename()).toBe('basalt-recovery-codes.txt');
  await expectAccessible(page, 'recovery codes');
  await keepCodes(c);
  await expect(factor).toContainText('On');
  await expect(factor).toContainText('10 recovery codes left');
  await expectAccessible(page, 'account with a second factor');

  await test.step('a code of the app', async () => {
    c = await signInAs(page, DEVI);
    await expect(c.heading('Enter your code')).toBeVisible();
    await expectAccessible(page, 'second step');
    // That which has turned it on counts no more.
    await c.box('Code from your app').fill(used);
    await c.button('Sign in').click();
    await expect(c.alert('This code does not fit')).toBeVisible();
    await c.box('Code from your app').fill(totp(secret, 1));
    await c.button('Sign in').click();
    await expect(c.heading('Home')).toBeVisible();
  });
  await test.step('a recovery code, once and not twice', async () => {
    const byRecovery = async (code: string) => {
      c = await signInAs(page, DEVI);
      await c.button('Use a recovery code').click();
      await c.box('Recovery code').fill(code);
      await c.button('Sign in').click();
    };
    await byRecovery(codes[0] ?? '');
    await expect(c.heading('Home')).toBeVisible();
    await byRecovery(codes[0] ?? '');
    await expect(c.alert('This is none of your recovery codes')).toBeVisible();
    await c.box('Recovery code').fill((codes[1] ?? '').toUpperCase().replaceAll('-', ' '));
    await c.button('Sign in').click();
    await expect(c.heading('Home')).toBeVisible();
  });
  await test.step('a session that ends is taken up again with both', async () => {
    await page.goto('/projects');
    await expect(c.nav('Databases')).toBeVisible();
    await c.loaded();
    await page.context().clearCookies();
    guard.allow(/\.v1\./, 401);
    guard.allow(/\/api\/events/, 401);
    await c.nav('Databases').click();
    const again = c.dialog('Sign in again');
    await again.getByRole('textbox', { name: 'Password' }).fill(passwords[DEVI] ?? '');
    await again.getByRole('button', { name: 'Sign in', exact: true }).click();
    await again.getByRole('button', { name: 'Use a recovery code' }).click();
    await again.getByRole('textbox', { name: 'Recovery code' }).fill(codes[2] ?? '');
    await expectAccessible(page, 'second step over a page');
    await again.getByRole('button', { name: 'Sign in', exact: true }).click();
    await expect(again).toBeHidden();
    await expect(c.heading('Databases')).toBeVisible();
  });
  await test.step('new recovery codes, then off', async () => {
    await page.goto('/account');
    await expect(factor).toContainText('7 recovery codes left');
    await factor.getByRole('button', { name: 'New recovery codes' }).click();
    await c.box('Present code').fill(codes[3] ?? '');
    await c.button('Make new codes').click();
    await expect(c.region('Recovery codes')).toBeVisible();
    const fresh = (await c.region('Recovery codes').textContent())?.match(/\w{4}(-\w{4}){3}/g) ?? [];
    await keepCodes(c);
    await factor.getByRole('button', { name: 'Turn off' }).click();
    const question = c.alertDialog('Turn off the second factor?');
    await c.box('Present code').fill(codes[4] ?? '');
    await question.getByRole('button', { name: 'Turn off' }).click();
    await expect(c.alert('This code does not fit')).toBeVisible();
    await c.box('Present code').fill(fresh[0] ?? '');
    await question.getByRole('button', { name: 'Turn off' }).click();
    await expect(factor).toContainText('Off');
  });
});

test('mail is set up, tried and kept; its password never comes back', async ({ page }) => {
  const c = await signInAs(page, ADA);
  await expect(c.heading('Home')).toBeVisible();
  await page.goto('/settings');
  const section = c.region('Mail').first();
  await expect(section).toContainText('No mail is sent');
  await section.getByRole('button', { name: 'Send test mail' }).click();
  await expect(c.alert('Enter the host of the mail server.')).toBeVisible();
  await expectAccessible(page, 'mail, wrong');
  await settle(c, 'Mail', async () => {
    await c.box('Host').fill('127.0.0.1');
    await c.pick('Encryption', 'None');
    await expect(c.box('Port')).toHaveValue('25');
    await c.box('Port').fill(String(mail.port));
    await c.box('Username').fill('basalt');
    await section.getByRole('textbox', { name: 'Password' }).fill('hunter2');
    await c.box('Sender').fill('basalt@example.com');
    await c.box('Send a test to').fill('ops@example.com');
    await section.getByRole('button', { name: 'Send test mail' }).click();
    await expect(c.status('took a test mail for ops@example.com')).toBeVisible();
    expect(await mail.next('ops@example.com')).toContain('From: basalt@example.com');
  });
  await page.reload();
  await expect(c.box('Host')).toHaveValue('127.0.0.1');
  await expect(section.getByRole('textbox', { name: 'Password' })).toHaveValue('');
  await expect(section).toContainText('Kept on the server');
  await section.getByRole('button', { name: 'Switch mail off' }).click();
  await expectAccessible(page, 'switch mail off');
  await c.alertDialog('Switch mail off?').getByRole('button', { name: 'Cancel' }).click();
});

test('a forgotten password is chosen anew with a mailed code', async ({ page, guard }) => {
  guard.allow(/AuthService\/(ResetPassword|Login)$/, 401);
  const c = new Console(page);
  await page.context().clearCookies();
  await page.goto('/auth/signin');
  await c.box('Email').fill(DEVI);
  await c.link('Forgot password?').click();
  await expect(c.heading('Forgot password')).toBeVisible();
  await expect(c.box('Email')).toHaveValue(DEVI);
  await expectAccessible(page, 'forgot password');
  await c.button('Email me a code').click();
  await expect(c.heading('Choose a new password')).toBeVisible();
  const code = codeIn(await mail.next(DEVI));
  await c.box('Code from the email').fill(code.split('').reverse().join(''));
  await c.box('New password').fill('short');
  await expect(c.alert('This password is too weak')).toBeVisible();
  await expectAccessible(page, 'reset password, weak');
  await c.box('New password').fill(NEW_PASSWORD);
  await expect(c.alert('This password is too weak')).toHaveCount(0);
  await c.button('Set password').click();
  await expect(c.alert('The code is wrong, too old or used')).toBeVisible();
  await c.box('Code from the email').fill(code);
  await c.button('Set password').click();
  await expect(c.status('Your password is changed')).toBeVisible();
  await c.signIn(DEVI, passwords[DEVI] ?? '');
  await expect(c.alert('Email or password is wrong.')).toBeVisible();
  await c.signIn(DEVI, NEW_PASSWORD);
  await expect(c.heading('Home')).toBeVisible();
  passwords[DEVI] = NEW_PASSWORD;
});

test('where the workspace allows it, a mailed code signs in, and people sign up', async ({ page }) => {
  const c = await signInAs(page, ADA);
  await expect(c.heading('Home')).toBeVisible();
  await page.goto('/settings');
  await settle(c, 'Sign-in', async () => {
    await page.getByRole('checkbox', { name: 'People may sign in with a code from an email' }).check();
    await page.getByRole('checkbox', { name: 'Only administrators add users' }).uncheck();
  });
  await c.signOut();
  await expectAccessible(page, 'sign-in with every way');
  await c.box('Email').fill(DEVI);
  await c.link('Email me a code instead').click();
  await c.button('Send code').click();
  await c.box('Code from the email').fill(codeIn(await mail.next(DEVI)));
  await expectAccessible(page, 'sign-in by mail');
  await c.button('Sign in').click();
  await expect(c.heading('Home')).toBeVisible();
  await c.signOut();

  await c.link('Create an account').click();
  await c.box('Full name').fill('Nia Newcomer');
  await c.box('Email').fill('nia@demo.basalt');
  await c.box('Password').fill(NEW_PASSWORD);
  await expectAccessible(page, 'sign-up');
  await c.button('Create account').click();
  await expect(c.heading('Home')).toBeVisible();
});

test('what the workspace asks of everybody comes before all else', async ({ page, guard }) => {
  dutiesRefuse(guard);
  let ada: string[] = [];
  let c = await signInAs(page, ADA);
  await expect(c.heading('Home')).toBeVisible();
  await page.goto('/settings');
  await page.getByRole('checkbox', { name: /^Whoever got a password/ }).check();
  await page.getByRole('checkbox', { name: 'With an upper-case letter' }).check();
  await c.region('Unsaved changes in Passwords').getByRole('button', { name: 'Save' }).click();
  // The demo chose it.
  await changePassword(c, `Own-${NEW_PASSWORD}`);
  await expect(c.heading('Settings')).toBeVisible();
  await page.goto('/users?dialog=new');
  await c.box('Full name').fill('Bo Beginner');
  await c.box('Email').fill('bo@demo.basalt');
  await c.box('Password').fill(`Given-${NEW_PASSWORD}`);
  await c.button('Create user').click();
  await expect(c.table('Users').getByRole('row', { name: /bo@demo.basalt/ })).toBeVisible();
  await page.goto('/settings');
  await page.getByRole('checkbox', { name: 'Everybody needs a second factor' }).check();
  await c.region('Unsaved changes in Sign-in').getByRole('button', { name: 'Save' }).click();

  await test.step('also of whoever switched it on', async () => {
    await expect(c.heading('Set up a second factor')).toBeVisible();
    await expectAccessible(page, 'second factor required');
    ada = (await setUpFactor(c)).codes;
    await keepCodes(c);
    await expect(c.heading('Settings')).toBeVisible();
  });
  await test.step('a password of somebody else is changed, then the factor is set up', async () => {
    c = await signInAs(page, 'bo@demo.basalt', `Given-${NEW_PASSWORD}`);
    await expect(c.heading('Change your password')).toBeVisible();
    await page.goto('/projects');
    await changePassword(c, `Own-${NEW_PASSWORD}`);
    await expect(c.heading('Set up a second factor')).toBeVisible();
    await setUpFactor(c);
    await keepCodes(c);
    await expect(c.heading('Projects')).toBeVisible();
  });
  await test.step('who has lost everything is helped by an administrator', async () => {
    c = await signInAs(page, ADA, `Own-${NEW_PASSWORD}`);
    await c.button('Use a recovery code').click();
    await c.box('Recovery code').fill(ada[0] ?? '');
    await c.button('Sign in').click();
    await expect(c.heading('Home')).toBeVisible();
    await page.goto('/users');
    const row = c.table('Users').getByRole('row', { name: /bo@demo.basalt/ });
    await row.getByRole('button', { name: 'Turn off second factor' }).click();
    const question = c.alertDialog('Turn off the second factor of Bo Beginner?');
    await expectAccessible(page, 'turn off the factor of somebody');
    await question.getByRole('button', { name: 'Turn off' }).click();
    await expect(question).toBeHidden();
    await expect(row.getByRole('button', { name: 'Turn off second factor' })).toHaveCount(0);
  });
});

/** What is on its way when a duty begins is refused. */
const dutiesRefuse = (guard: Guard) => guard.allow(/\.v1\.|\/api\//, 403);

test('who fails too often is told how long to wait', async ({ page, guard }) => {
  guard.allow(/AuthService\/Login$/, 401);
  guard.allow(/AuthService\/Login$/, 429);
  const c = new Console(page);
  await page.goto('about:blank');
  await page.context().clearCookies();
  await page.goto('/auth/signin');
  const tooMany = c.alert('Too many failed attempts');
  for (let tries = 0; tries < 12 && !(await tooMany.isVisible()); tries += 1) {
    const answer = page.waitForResponse(/AuthService\/Login$/);
    await c.signIn('nobody@demo.basalt', `guess-${tries}`);
    await answer;
  }
  await expect(tooMany).toHaveText(/Try again at \d\d:\d\d:\d\d \(in (9|10) min\.?\)/);
});
