/** Signing in, second factors, forgotten passwords, and the settings of all that. */
import { Console } from '../support/console.ts';
import { expect, test } from '../support/fixtures.ts';
import { shoot } from '../support/shots.ts';
import { totp } from '../support/totp.ts';

test.use({ mode: 'demo' });

test('second factor, forgotten password, mail', async ({ page, guard, basalt }) => {
  guard.allow(/UserService\/GetCurrentUser$|AuthService\/Refresh$|AuthService\/Login$/, 401);
  guard.allow(/\.v1\.|\/api\//, 403);
  const { demoUsers } = (await (await fetch(`${basalt.url}/api/bootstrap`)).json()) as {
    demoUsers: { email: string; password: string }[];
  };
  const [ada] = demoUsers;
  const c = new Console(page);
  await c.enterAs('Ada Admin');

  await page.goto('/settings');
  await c.button('Send test mail').click();
  await c.box('Host').fill('smtp.example.com');
  await expect(c.region('Unsaved changes in Mail')).toBeVisible();
  await shoot(page, 'settings-mail', { phone: true, full: true });
  await c.region('Unsaved changes in Mail').getByRole('button', { name: 'Discard' }).click();
  await c.box('Host').fill('127.0.0.1');
  await c.box('Port').fill('9');
  await c.pick('Encryption', 'None');
  await c.pick('Authentication', 'None');
  await c.box('Sender').fill('basalt@example.com');
  await c.button('Send test mail').click();
  await expect(c.alert('The test mail did not go out')).toBeVisible();
  await c.button('Send test mail').scrollIntoViewIfNeeded();
  await shoot(page, 'settings-mail-failed');
  await c.region('Unsaved changes in Mail').getByRole('button', { name: 'Save' }).click();
  await page.getByRole('checkbox', { name: /^People may sign in with a code/ }).check();
  await page.getByRole('checkbox', { name: 'Only administrators add users' }).uncheck();
  await c.region('Unsaved changes in Sign-in').getByRole('button', { name: 'Save' }).click();
  await expect(c.region('Unsaved changes in Sign-in')).toBeHidden();

  await page.goto('/account');
  await expect(c.region('Second factor')).toContainText('Off');
  await shoot(page, 'account', { phone: true, full: true });
  await c.button('Set up a second factor').click();
  await expect(c.dialog('Set up a second factor')).toBeVisible();
  await shoot(page, 'factor-begin', { phone: true });
  await c.button('Begin').click();
  await expect(page.getByRole('img', { name: /^QR code/ })).toBeVisible();
  await shoot(page, 'factor-scan', { phone: true });
  const secret = (await c.region('Key').textContent())?.replace(/\s/g, '') ?? '';
  await c.box('Code from the new app').fill(totp(secret));
  await c.button('Turn on').click();
  await expect(c.region('Recovery codes')).toBeVisible();
  await c.button('Done').click();
  await shoot(page, 'factor-codes', { phone: true });
  await page.getByRole('checkbox', { name: 'I have kept the codes' }).check();
  await c.button('Done').click();
  await expect(c.region('Second factor')).toContainText('10 recovery codes left');
  await shoot(page, 'account-factor-on', { full: true });
  await c.region('Second factor').getByRole('button', { name: 'Turn off' }).click();
  await shoot(page, 'factor-off');
  await page.keyboard.press('Escape');

  await c.signOut();
  await shoot(page, 'sign-in', { phone: true, full: true });
  await c.signIn(ada?.email ?? '', ada?.password ?? '');
  await expect(c.heading('Enter your code')).toBeVisible();
  await c.box('Code from your app').fill('000000');
  await c.button('Sign in').click();
  await expect(c.alert('This code does not fit')).toBeVisible();
  await shoot(page, 'second-step', { phone: true });

  await page.goto('/auth/forgot-password?email=dev@demo.basalt');
  await expect(c.heading('Forgot password')).toBeVisible();
  await shoot(page, 'forgot-password', { phone: true });
  await c.button('Email me a code').click();
  await expect(c.heading('Choose a new password')).toBeVisible();
  await c.box('New password').fill('chestnut');
  await shoot(page, 'reset-password', { phone: true });
  await page.goto('/auth/signup');
  await shoot(page, 'sign-up', { phone: true });
});
