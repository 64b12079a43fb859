/** The console by the names of its controls, so that a journey reads like what a person does. */
import { expect, type Locator, type Page } from '@playwright/test';

export class Console {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  heading = (name: string | RegExp): Locator => this.page.getByRole('heading', { name, exact: true });
  button = (name: string): Locator => this.page.getByRole('button', { name, exact: true });
  link = (name: string): Locator => this.page.getByRole('link', { name, exact: true });
  box = (name: string): Locator => this.page.getByRole('textbox', { name, exact: true });
  radio = (name: string): Locator => this.page.getByRole('radio', { name, exact: true });
  region = (name: string): Locator => this.page.getByRole('region', { name, exact: true });
  table = (name: string): Locator => this.page.getByRole('table', { name, exact: true });
  dialog = (name: string): Locator => this.page.getByRole('dialog', { name, exact: true });
  alertDialog = (name: string): Locator => this.page.getByRole('alertdialog', { name, exact: true });
  status = (text: string | RegExp): Locator => this.page.getByRole('status').filter({ hasText: text });
  alert = (text: string | RegExp): Locator => this.page.getByRole('alert').filter({ hasText: text });

  /** A link of the navigation beside the page. */
  nav = (name: string, of = 'Workspace'): Locator =>
    this.page.getByRole('navigation', { name: of }).getByRole('link', { name, exact: true });

  /** Chooses an option of a combobox, on the page or in a dialog. */
  async pick(name: string, option: string): Promise<void> {
    await this.page.getByRole('combobox', { name, exact: true }).click();
    await this.page.getByRole('option', { name: option, exact: true }).click();
  }

  async menu(button: string, item: string): Promise<void> {
    await this.button(button).click();
    await this.page.getByRole('menuitem', { name: item, exact: true }).click();
  }

  async signIn(email: string, password: string): Promise<void> {
    await this.box('Email').fill(email);
    await this.box('Password').fill(password);
    await this.button('Sign in').click();
  }

  /** Signing out loads the sign-in page anew; a navigation before that is there would be aborted. */
  async signOut(): Promise<void> {
    await this.menu('Account', 'Sign out');
    await expect(this.heading('Sign in')).toBeVisible();
  }

  /** How the page hears of changes. */
  live = (state: 'Live' | 'Reconnecting' | 'Polling' | 'Paused'): Locator =>
    this.page.getByRole('status', { name: 'Live updates' }).filter({ hasText: state });

  /** Signs in with the button of the demo's sign-in page, whoever was signed in before. */
  async enterAs(name: string): Promise<void> {
    // An open page would go on asking, without a session.
    await this.page.goto('about:blank');
    await this.page.context().clearCookies();
    await this.page.goto('/');
    await this.button(`Continue as ${name}`).click();
    await expect(this.heading('Home')).toBeVisible();
  }

  /** The row of a task, by its database. */
  task = (database: string): Locator =>
    this.region('Rollout').getByRole('list', { name: 'Stages' }).getByRole('listitem', { name: database });

  taskStatus = (database: string, status: string): Locator =>
    this.task(database).getByRole('status').filter({ hasText: status });

  /**
   * Puts text in place of what an editor holds, as pasting does: the editor makes the lines itself. What Chromium inserts
   * (`fill`, typing over a selection) has a style in it now and then, which the policy refuses.
   */
  async write(editor: Locator, text: string): Promise<void> {
    // What comes up over the page meanwhile takes it out of reach by its name.
    const element = await editor.elementHandle();
    await editor.click();
    await this.page.keyboard.press('Control+a');
    if (text) await element?.evaluate(paste, text);
    else await this.page.keyboard.press('Delete');
  }

  /** Nothing on the page is still on its way. */
  async loaded(): Promise<void> {
    await expect(this.page.getByText('Loading', { exact: true })).toHaveCount(0);
  }
}

/** In the page. */
function paste(editor: Node, text: string): void {
  const clipboardData = new DataTransfer();
  clipboardData.setData('text/plain', text);
  editor.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
}
