/** Single sign-on: providers, a test of one, the sign-in page with them, and who is locked out. */
import { Console } from '../support/console.ts';
import { expect, test } from '../support/fixtures.ts';
import { CLIENT, enterAtProvider, OidcProvider } from '../support/oidc.ts';
import { call } from '../support/shop.ts';
import { shoot } from '../support/shots.ts';

test.use({ mode: 'demo', serve: ['--allow-private-outbound'] });

const LONG = 'Corporate identity of the whole group, with hardware keys';

test('a provider from its form to the sign-in page', async ({ page, guard, basalt }) => {
  guard.allow(/UserService\/GetCurrentUser$|AuthService\/Refresh$/, 401);
  guard.allow(/AuthService\/Login$|CreateIdentityProvider$/, 403);
  guard.allow(/CreateIdentityProvider$/, 400);
  guard.allow(/CreateIdentityProvider$/, 503);
  guard.allow(/\/favicon\.ico$/, 404);
  await page.route('https://fonts.googleapis.com/**', (route) => route.fulfill({ contentType: 'text/css' }));
  const provider = await OidcProvider.start(`${basalt.url}/oidc/callback`);
  const c = new Console(page);
  await c.enterAs('Ada Admin');
  await page.goto('/single-sign-on');
  await expect(c.heading('No identity provider yet')).toBeVisible();
  await shoot(page, 'sso-empty');
  await page.goto('/single-sign-on/new');
  await expect(c.link('Open the settings')).toBeVisible();
  await c.box('Name').fill(LONG);
  await c.box('Issuer').fill('http://127.0.0.1:1');
  await c.button('Create provider').click();
  await shoot(page, 'sso-new-wrong', { phone: true, full: true });
  await call(page, 'SettingService/UpdateSetting', {
    setting: {
      name: 'settings/WORKSPACE_PROFILE',
      value: { workspaceProfile: { externalUrl: basalt.url } },
    },
    updateMask: 'value.workspaceProfile.externalUrl',
  });
  await page.reload();
  await c.box('Name').fill(LONG);
  await c.box('Client ID').fill(CLIENT.id);
  await c.box('Client secret').fill(CLIENT.secret);
  await c.box('Phone').fill('phone_number');
  await c.box('Groups').fill('groups');
  await c.box('Issuer').fill('http://127.0.0.1:1');
  await c.button('Create provider').click();
  await expect(c.box('Issuer')).toHaveAttribute('aria-invalid', 'true');
  await shoot(page, 'sso-new-unreachable');
  await c.box('Issuer').fill(provider.issuer);
  await c.button('Create provider').click();
  await expect(c.heading(LONG)).toBeVisible();
  await c.button('Test').click();
  await enterAtProvider(page, 'ann');
  await expect(c.status('It works')).toBeVisible();
  await shoot(page, 'sso-tested', { phone: true, full: true });
  await c.button('Delete').click();
  await shoot(page, 'sso-delete');
  await page.keyboard.press('Escape');
  await c.box('Email domain').fill('example.com');
  await c.region('Unsaved changes in Settings').getByRole('button', { name: 'Save' }).click();
  await expect(c.region('Unsaved changes in Settings')).toBeHidden();
  await page.goto('/single-sign-on');
  await page.getByRole('checkbox', { name: 'Only administrators sign in with a password' }).check();
  await expect(c.alert('locked out')).toBeVisible();
  await shoot(page, 'sso-only', { phone: true, full: true });
  await c.signOut();
  await shoot(page, 'sso-sign-in', { phone: true, full: true });
  // The provider still knows who this is.
  await c.button(`Continue with ${LONG}`).click();
  await expect(c.heading('The sign-in did not work')).toBeVisible();
  await shoot(page, 'sso-refused', { phone: true });
  provider.stop();
});
