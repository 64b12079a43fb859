/** The API as the console shows it: found, read, and called as it says. */
import { Console } from '../support/console.ts';
import { expect, test } from '../support/fixtures.ts';

test.use({ mode: 'demo' });

test('a method is found, and its call works in a shell', async ({ page, request }) => {
  const c = new Console(page);
  await c.enterAs('Ada Admin');
  await page.goto('/');
  await c.button('Account').click();
  await page.getByRole('menuitem', { name: 'API' }).click();
  await expect(c.heading('API')).toBeVisible();
  await page.getByRole('searchbox', { name: 'Search methods' }).fill('getplan');
  const methods = page.getByRole('navigation', { name: 'Methods' });
  await expect(methods.getByRole('link', { name: 'ListPlans' })).toHaveCount(0);
  await methods.getByRole('link', { name: 'GetPlan', exact: true }).click();
  const call = c.region('GET /v1/projects/{project}/plans/{plan}');
  await expect(call).toContainText('Needs the permission bb.plans.get.');
  await expect(call.getByRole('row', { name: /^project required path string/ })).toBeVisible();
  const shell = call.getByRole('region', { name: /in a shell$/ });
  await expect(shell).toContainText('curl -X GET "http');

  const login = { email: 'admin@demo.basalt', password: 'basalt-demo' };
  const { token } = await (await request.post('/v1/auth/login', { data: login })).json();
  const path = '/v1/projects/{project}/plans/{plan}'.replace('{project}', 'shop').replace('{plan}', '2');
  const answer = await request.get(path, { headers: { Authorization: `Bearer ${token}` } });
  expect(await answer.json()).toMatchObject({ name: 'projects/shop/plans/2' });
});
