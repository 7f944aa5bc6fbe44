// Drives real browsers for the Go tests: one JSON request a line on stdin, one answer a line on stdout.
// {"id":1,"method":"open","params":{…}} → {"id":1,"result":…} or {"id":1,"error":"…"}
import { createInterface } from "node:readline";
import puppeteer from "puppeteer-core";

/** @type {Map<string, import("puppeteer-core").Browser>} */
const browsers = new Map();
/** @type {Map<string, import("puppeteer-core").Page>} */
const pages = new Map();
/** What each page's console and network said of errors. @type {Map<string, string[]>} */
const complaints = new Map();
let counter = 0;

/** @param {string} id */
function page(id) {
  const found = pages.get(id);
  if (!found) throw new Error(`no page ${id}`);
  return found;
}

const methods = {
  async launch({ executable, args, headless, profile, env }) {
    const browser = await puppeteer.launch({
      executablePath: executable,
      headless,
      args,
      userDataDir: profile,
      env: { ...process.env, ...env },
      defaultViewport: null,
      handleSIGINT: false,
      protocolTimeout: 120_000,
    });
    const id = `b${++counter}`;
    browsers.set(id, browser);
    return id;
  },

  async pid({ browser }) {
    return browsers.get(browser).process().pid;
  },

  async open({ browser, url, width, height, init, fresh }) {
    const host = browsers.get(browser);
    const context = fresh ? await host.createBrowserContext() : host.defaultBrowserContext();
    const p = await context.newPage();
    if (width) await p.setViewport({ width, height });
    if (init) await p.evaluateOnNewDocument(init);
    const id = `p${++counter}`;
    pages.set(id, p);
    const said = [];
    complaints.set(id, said);
    p.on("console", (m) => m.type() === "error" && said.push(`console: ${m.text()}`));
    p.on("pageerror", (e) => said.push(`page: ${e.message}`));
    await p.goto(url, { waitUntil: "domcontentloaded" });
    return id;
  },

  async goto({ page: id, url }) {
    await page(id).goto(url, { waitUntil: "domcontentloaded" });
  },
  async reload({ page: id }) {
    await page(id).reload({ waitUntil: "domcontentloaded" });
  },
  async url({ page: id }) {
    return page(id).url();
  },
  async eval({ page: id, js }) {
    return page(id).evaluate(js);
  },
  async click({ page: id, selector, timeout }) {
    const el = await page(id).waitForSelector(selector, { visible: true, timeout });
    await el.click();
  },
  async fill({ page: id, selector, text, timeout }) {
    const el = await page(id).waitForSelector(selector, { visible: true, timeout });
    await el.click({ count: 3 });
    await page(id).keyboard.press("Backspace");
    await el.type(text);
  },
  async press({ page: id, key }) {
    await page(id).keyboard.press(key);
  },
  async choose({ page: id, selector, value, timeout }) {
    await page(id).waitForSelector(selector, { visible: true, timeout });
    await page(id).select(selector, value);
  },
  // x and y are 0–1 of the element.
  async point({ page: id, selector, x, y, timeout }) {
    const el = await page(id).waitForSelector(selector, { visible: true, timeout });
    const box = await el.boundingBox();
    await page(id).mouse.move(box.x + x * box.width, box.y + y * box.height);
  },
  async wait({ page: id, selector, js, timeout }) {
    if (selector) await page(id).waitForSelector(selector, { visible: true, timeout });
    else await page(id).waitForFunction(js, { timeout, polling: 50 });
  },
  async screenshot({ page: id, path }) {
    await page(id).screenshot({ path });
  },
  async complaints({ page: id }) {
    return complaints.get(id) ?? [];
  },
  async offline({ page: id, offline }) {
    await page(id).setOfflineMode(offline);
  },
  async closePage({ page: id }) {
    await page(id).close();
    pages.delete(id);
  },
  async closeBrowser({ browser }) {
    await browsers.get(browser)?.close();
    browsers.delete(browser);
  },
};

const lines = createInterface({ input: process.stdin });
lines.on("line", async (line) => {
  const { id, method, params } = JSON.parse(line);
  let answer;
  try {
    answer = { id, result: (await methods[method](params)) ?? null };
  } catch (e) {
    answer = { id, error: `${method}: ${e.message}` };
  }
  process.stdout.write(JSON.stringify(answer) + "\n");
});
// Ctrl-C reaches us beside the Go side, which still has to end what it does: we end with our input. Who ends at the signal
// leaves the browsers behind.
process.on("SIGINT", () => {});
process.stdout.on("error", () => {}); // nobody there to read the answer; the input ends as well
// The Go side ended, however it ended: no browser stays behind.
lines.on("close", async () => {
  await Promise.allSettled([...browsers.values()].map((b) => b.close()));
  process.exit(0);
});
