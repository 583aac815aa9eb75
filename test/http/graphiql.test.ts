import { execFileSync } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { gatewayForTests } from '../support/gateway.js';

const BUILT = fileURLToPath(new URL('../../dist/graphiql', import.meta.url));
const BUILD = fileURLToPath(new URL('../../graphiql/build.mjs', import.meta.url));
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const TABS = ['WhoAmI', 'Check', 'Explain', 'ManyPermissions', 'RoleMatrix', 'SignIn'];

interface Running {
  readonly url: string;
  /** Of somebody who may ask about `acme-developer`. */
  readonly email: string;
  readonly password: string;
  close(): Promise<void>;
}

/** The gateway itself, with the demo people in it. */
async function startServer(): Promise<Running> {
  const test = await gatewayForTests();
  const demo = await test.gateway.parts.demo.seed(new Date(test.clock.now()));
  return { url: test.url, email: 'developer@acme.example', password: demo!.password, close: () => test.close() };
}

function findChromium(): string | null {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const paths = ['chromium', 'chromium-browser', 'google-chrome'].flatMap((name) => folders.map((folder) => join(folder, name)));
  return paths.find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Writes into an editor by its accessible region, as a person would: the editor closes brackets, so the text is inserted whole. */
async function write(page: Page, region: string, text: string): Promise<void> {
  await page.locator(`section[aria-label="${region}"] .graphiql-editor:not(.hidden) .view-lines`).click();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.insertText(text);
}

// Up to date files are left as they are, so only the first run takes some seconds.
beforeAll(() => void execFileSync(process.execPath, [BUILD]), 120_000);

it('is not built again while nothing changed', () => {
  const before = statSync(join(BUILT, 'index.html')).mtimeMs;
  execFileSync(process.execPath, [BUILD]);
  expect(statSync(join(BUILT, 'index.html')).mtimeMs).toBe(before);
});

const executablePath = findChromium();
if (executablePath === null) {
  process.stderr.write('The browser test of GraphiQL is left out: it needs Chromium (apt-get install chromium).\n');
} else {
  describe('GraphiQL in a browser', () => {
    let server: Running;
    let browser: Browser;
    let page: Page;
    /** Whatever a page without faults never shows: requests to other hosts, refusals of the content policy, exceptions. */
    let faults: string[];

    beforeAll(async () => {
      server = await startServer();
      browser = await chromium.launch({ executablePath, args: FLAGS });
    }, 60_000);
    afterAll(async () => {
      await browser.close();
      await server.close();
    });

    beforeEach(async () => {
      faults = [];
      page = await browser.newPage({ viewport: { width: 1440, height: 860 } });
      await page.route(/.*/, async (route) => {
        const url = route.request().url();
        if (url.startsWith(`${server.url}/`) || url.startsWith('data:')) return route.continue();
        faults.push(`left the origin: ${url}`);
        return route.abort();
      });
      page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
      page.on('pageerror', (error) => faults.push(String(error)));
      await page.goto(`${server.url}/graphiql`);
      await page.getByRole('tab', { name: 'WhoAmI' }).waitFor();
    }, 60_000);
    afterEach(() => page.close());

    const answer = () => page.locator('section.result-window');
    /** Runs the operation until the answer shows the text: signing in fetches the schema anew, which may overtake a first try. */
    async function runUntil(text: string): Promise<void> {
      for (let tries = 1; ; tries += 1) {
        await page.getByRole('button', { name: /^Execute query/ }).click();
        try {
          return await answer().getByText(text).waitFor({ timeout: 8_000 });
        } catch (error) {
          if (tries === 4) throw error;
          // What was overtaken was sent without its variables, and refused: the page says so in the console.
          faults = faults.filter((fault) => !fault.includes('status of 400'));
        }
      }
    }

    async function signIn(password: string): Promise<void> {
      await page.getByLabel('E-mail').fill(server.email);
      await page.getByLabel('Password').fill(password);
      await page.getByRole('button', { name: 'Sign in' }).click();
    }

    it('opens with a tab for each example', async () => {
      expect(await page.getByRole('tab').allInnerTexts()).toEqual(TABS);
      await page.locator('section[aria-label="Operation Editor"]').getByText('Who am I').waitFor();
      expect(faults).toEqual([]);
    }, 60_000);

    it('runs an example as the person who signed in, without leaving the origin', async () => {
      await signIn(server.password);
      await page.getByText('Signed in as').waitFor();
      await page.getByRole('tab', { name: 'Check' }).click();
      await runUntil('GRANTED_BY_ROLE');
      expect(faults).toEqual([]);
    }, 60_000);

    it('says what is wrong where the password is not right', async () => {
      await signIn('wrong');
      await page.getByRole('alert').getByText(/password/).waitFor();
      expect(faults).toEqual([]);
    }, 60_000);

    it('sends the token of the Headers tab rather than that of who signed in', async () => {
      await signIn(server.password);
      await page.getByText('Signed in as').waitFor();
      await page.getByRole('tab', { name: 'Check' }).click();
      await page.getByRole('button', { name: 'Headers' }).click();
      await write(page, 'Headers', '{"authorization": "Bearer another"}');
      await runUntil('errors');
      expect(await answer().textContent()).not.toContain('GRANTED_BY_ROLE');
    }, 60_000);
  });
}
