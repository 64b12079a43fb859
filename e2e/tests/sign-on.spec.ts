/** Single sign-on in a real browser, with a real provider: set up, tried, used, and made the only way in. */
import { expectAccessible } from '../support/a11y.ts';
import { Console } from '../support/console.ts';
import { expect, test } from '../support/fixtures.ts';
import { CLIENT, enterAtProvider, OidcProvider } from '../support/oidc.ts';
import { call } from '../support/shop.ts';

// The provider is on this machine.
test.use({ mode: 'demo', serve: ['--allow-private-outbound'] });
test.describe.configure({ mode: 'serial' });

const ADA = 'admin@demo.basalt';
let provider: OidcProvider;

test.beforeAll(async ({ basalt }) => {
  provider = await OidcProvider.start(`${basalt.url}/oidc/callback`);
});
test.afterAll(() => provider.stop());
test.beforeEach(async ({ context, guard }) => {
  guard.allow(/UserService\/GetCurrentUser$|AuthService\/Refresh$/, 401);
  // The provider's pages ask for a font that is far away, and for an icon.
  await context.route('https://fonts.googleapis.com/**', (route) =>
    route.fulfill({ contentType: 'text/css' }),
  );
  guard.allow(/\/favicon\.ico$/, 404);
});

test('a provider is set up, and says what it would make of somebody', async ({ page, guard, basalt }) => {
  const c = new Console(page);
  await c.enterAs('Ada Admin');
  await c.nav('Single sign-on').click();
  await expect(c.heading('No identity provider yet')).toBeVisible();
  await expectAccessible(page, 'no identity provider');
  await c.link('New provider').click();
  await c.link('Open the settings').click();
  await c.box('External URL').fill(basalt.url);
  await c.region('Unsaved changes in General').getByRole('button', { name: 'Save' }).click();
  await expect(c.region('Unsaved changes in General')).toBeHidden();

  await page.goto('/single-sign-on/new');
  await expect(c.region('Redirect URL')).toHaveText(`${basalt.url}/oidc/callback`);
  await c.button('Create provider').click();
  await expect(c.alert('Give the provider a name.')).toBeVisible();
  await expect(c.box('Name')).toBeFocused();
  await expectAccessible(page, 'new provider, wrong');
  await c.box('Name').fill('Corp');
  await expect(c.box('Provider ID')).toHaveValue('corp');
  await c.box('Client ID').fill(CLIENT.id);
  await c.box('Client secret').fill(CLIENT.secret);
  await c.box('Groups').fill('groups');
  await test.step('an issuer that does not answer is told at its field', async () => {
    guard.allow(/CreateIdentityProvider$/, 400);
    guard.allow(/CreateIdentityProvider$/, 503);
    await c.box('Issuer').fill('http://127.0.0.1:1');
    await c.button('Create provider').click();
    await expect(c.box('Issuer')).toHaveAttribute('aria-invalid', 'true');
  });
  await c.box('Issuer').fill(provider.issuer);
  await c.button('Create provider').click();
  await expect(c.heading('Corp')).toBeVisible();
  await expect(c.box('Client secret')).toHaveValue('');
  await expectAccessible(page, 'a provider');

  await c.button('Test').click();
  await enterAtProvider(page, 'ann');
  await expect(c.heading('Corp')).toBeVisible();
  await expect(c.status('It works')).toContainText('ann@example.com');
  const claims = c.table('Claims');
  await expect(claims.getByRole('row', { name: 'email ann@example.com Email address' })).toBeVisible();
  await expect(claims.getByRole('row', { name: 'name ann of the provider Full name' })).toBeVisible();
  await expectAccessible(page, 'a provider, tested');

  await c.box('Email domain').fill('corp.example');
  const bar = c.region('Unsaved changes in Settings');
  await bar.getByRole('button', { name: 'Save' }).click();
  await expect(bar).toBeHidden();
  await expect(c.alert('The address is not one of corp.example.')).toBeVisible();
  await c.box('Email domain').fill('example.com');
  await bar.getByRole('button', { name: 'Save' }).click();
  await expect(c.status('It works')).toBeVisible();
});

test('people sign in by it, when they have an account', async ({ page, guard }) => {
  const c = new Console(page);
  await c.enterAs('Ada Admin');
  await c.signOut();
  await expectAccessible(page, 'sign-in with a provider');
  guard.allow(/AuthService\/Login$/, 403);
  await page.context().clearCookies();
  await page.goto('/projects');
  await c.button('Continue with Corp').click();
  await enterAtProvider(page, 'ann');
  await expect(c.heading('The sign-in did not work')).toBeVisible();
  await expect(c.alert('There is no account for ann@example.com')).toBeVisible();
  await expectAccessible(page, 'sign-in by a provider, refused');

  const enter = await page.context().newPage();
  guard.watch(enter);
  await new Console(enter).enterAs('Ada Admin');
  await call(enter, 'UserService/CreateUser', { user: { email: 'ann@example.com', title: 'Ann' } });
  await enter.close();

  await c.button('Continue with Corp').click();
  await enterAtProvider(page, 'ann');
  // To where they wanted.
  await expect(c.heading('Projects')).toBeVisible();
  await c.button('Account').click();
  await expect(page.getByRole('menu')).toContainText('ann@example.com');
  await page.keyboard.press('Escape');

  await test.step('a session that ends is taken up again in a tab beside', async () => {
    await page.context().clearCookies();
    guard.allow(/\.v1\./, 401);
    guard.allow(/\/api\/events/, 401);
    await c.nav('Home').click();
    const again = c.dialog('Sign in again');
    await expect(again).toBeVisible();
    await expectAccessible(page, 'sign in again, with a provider');
    const opened = page.context().waitForEvent('page');
    await again.getByRole('button', { name: 'Continue with Corp' }).click();
    const beside = await opened;
    const closed = beside.waitForEvent('close');
    await enterAtProvider(beside, 'ann');
    await closed;
    await expect(again).toBeHidden();
    await expect(c.heading('Home')).toBeVisible();
  });
  await test.step('what did not begin in this browser ends here', async () => {
    await page.goto('/oidc/callback?code=stolen&state=of-somebody-else');
    await expect(c.alert('did not begin in this browser')).toBeVisible();
  });
});

test('it becomes the only way in, after a look at who is locked out', async ({ page, guard }) => {
  const c = new Console(page);
  await c.enterAs('Ada Admin');
  await page.goto('/single-sign-on');
  await expect(c.table('Single sign-on').getByRole('row', { name: /Corp/ })).toContainText(provider.issuer);
  const only = page.getByRole('checkbox', { name: 'Only administrators sign in with a password' });
  await only.check();
  await expect(c.alert('2 people would be locked out')).toContainText('Devi Developer (dev@demo.basalt)');
  await expect(c.status('1 person could no longer use a password')).toContainText('ann@example.com');
  await expectAccessible(page, 'sign-in by provider only, warned');
  const bar = c.region('Unsaved changes in Sign-in by provider only');
  await bar.getByRole('button', { name: 'Save' }).click();
  await expect(bar).toBeHidden();

  await test.step('passwords are out of the way, and for administrators only', async () => {
    guard.allow(/AuthService\/Login$/, 403);
    await c.signOut();
    await expect(c.button('Continue with Corp')).toBeVisible();
    await expect(c.box('Password')).toHaveCount(0);
    await expectAccessible(page, 'sign-in by provider only');
    await c.link('Administrators sign in with a password').click();
    await c.button('Continue as Devi Developer').click();
    await expect(c.alert('signs in by its identity provider only')).toBeVisible();
    await c.button('Continue as Ada Admin').click();
    await expect(c.heading('Home')).toBeVisible();
  });
  await test.step('a provider goes once it is not the only way in', async () => {
    guard.allow(/DeleteIdentityProvider$/, 400);
    // Its page may hear that it changed before it is left.
    guard.allow(/GetIdentityProvider$/, 404);
    await page.goto('/single-sign-on/corp');
    await c.button('Delete').click();
    const question = c.alertDialog('Delete Corp?');
    await question.getByRole('button', { name: 'Delete' }).click();
    await expect(question.getByRole('alert')).toContainText('allow signing in by password first');
    await expectAccessible(page, 'delete a provider, refused');
    await question.getByRole('button', { name: 'Cancel' }).click();
    await page.goto('/single-sign-on');
    await only.uncheck();
    await bar.getByRole('button', { name: 'Save' }).click();
    await expect(bar).toBeHidden();
    await page.goto('/single-sign-on/corp');
    await c.button('Delete').click();
    await question.getByRole('button', { name: 'Delete' }).click();
    await expect(c.heading('No identity provider yet')).toBeVisible();
  });
});

test('an administrator whose provider is gone still has a password', async ({ page, basalt }) => {
  const { demoUsers } = (await (await fetch(`${basalt.url}/api/bootstrap`)).json()) as {
    demoUsers: { email: string; password: string }[];
  };
  const ada = demoUsers.find(({ email }) => email === ADA);
  const c = new Console(page);
  await page.goto('about:blank');
  await page.context().clearCookies();
  await page.goto('/auth/signin');
  await c.signIn(ADA, ada?.password ?? '');
  await expect(c.heading('Home')).toBeVisible();
});
