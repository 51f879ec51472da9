import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { reportPage } from "../../rehearsal/report/html/page";
import { type Record1, recordOf } from "../../rehearsal/report/record";
import { type Chromium, type Look, type Tab, startChromium } from "./chromium";
import { failure, noticed, recordOfFault, refused } from "./report-fixture";
import { AXES, CONTRASTS, type Contrast, type Word } from "./report-measures";

const PHONE = 360;
const LOOKS: readonly Look[] = [
  { width: PHONE, scheme: "light" },
  { width: PHONE, scheme: "dark" },
  { width: 1280, scheme: "light" },
  { width: 1280, scheme: "dark" },
];

/** Everything that a page can have: a fault, a promise not kept, many steps, and words that no line can hold. */
function fullRecord(): Record1 {
  const {
    stack,
    scenario,
    engine,
    steps,
    totals,
    exposure: _,
    ...course
  } = recordOfFault({
    seconds: 60,
    moved: 9,
    failing: 14,
  });
  const long = `registry.example.com/${"a".repeat(120)}:2.4.0 is not permitted`;
  const edits = Array.from({ length: 20 }, (_, at) => ({
    ...refused,
    name: `edit ${at}`,
    began: 70 + at,
    seconds: 0.8,
  }));
  const broken = { ...refused, name: "w".repeat(90), message: long, broken: [`5 requests failed; ${long}`] };
  return recordOf(stack, scenario, engine, [...steps, ...edits, noticed, broken], totals.seconds, {
    ...course,
    memory: 2741,
    failure: { ...failure, step: 27, message: `${failure.message} ${long}` },
  });
}

describe("the page of a rehearsal in a real browser", function () {
  this.timeout(120_000);
  const record = fullRecord();
  let folder: string;
  let chromium: Chromium;
  let tab: Tab;

  before(async () => {
    try {
      chromium = await startChromium();
    } catch (error) {
      process.stdout.write(`NOT RUN the report in a browser: ${(error as Error).message}\n`);
      throw error;
    }
    folder = await mkdtemp(join(tmpdir(), "sluice-page-"));
    const file = join(folder, "report.html");
    await writeFile(file, reportPage(record));
    tab = await chromium.open(pathToFileURL(file).href);
    await tab.value("document.querySelectorAll('details').forEach((one) => (one.open = true))");
  });
  after(async () => {
    // Where there is no browser, there is no folder either.
    await (chromium as Chromium | undefined)?.stop();
    if (folder) await rm(folder, { recursive: true });
  });

  /** Judges the page in each width and scheme. */
  const each = async (judge: (name: string, look: Look) => Promise<void>) => {
    for (const look of LOOKS) {
      await tab.look(look);
      await judge(`${look.width} px, ${look.scheme}`, look);
    }
  };

  it("opens without a word in the console, and asks nobody for anything", () => {
    const said = tab.events.filter(({ method }) =>
      ["Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded"].includes(method),
    );
    assert.deepEqual(said, []);
    const requests = tab.events.filter(({ method }) => method === "Network.requestWillBeSent");
    const asked = requests.map(({ params }) => new URL((params.request as { url: string }).url).protocol);
    assert.deepEqual(asked, ["file:"]);
  });

  it("needs no wider window than there is, with every table and message open", async () => {
    await each(async (name, { width }) => {
      const wide = await tab.value<number>("document.documentElement.scrollWidth");
      assert.ok(wide <= width, `${name}: ${wide} px`);
      const beyond = await tab.value<string[]>(
        `[...document.querySelectorAll("body *")]
          .filter((one) => !one.closest(".scroll, .lane, svg svg") && one.getBoundingClientRect().right > ${width})
          .map((one) => one.outerHTML.slice(0, 80))`,
      );
      assert.deepEqual(beyond, [], name);
    });
  });

  it("can be read: text has 4.5 : 1 against its ground, what is drawn 3 : 1", async () => {
    await each(async (name) => {
      const all = await tab.value<Contrast[]>(CONTRASTS);
      assert.ok(all.filter(({ kind }) => kind === "text").length > 500);
      assert.ok(all.filter(({ kind }) => kind === "drawn").length > 10);
      const faint = all.filter(({ kind, ratio }) => ratio < (kind === "text" ? 4.5 : 3));
      assert.deepEqual(faint, [], name);
    });
  });

  it("is dark where dark is asked for", async () => {
    const colours = async (scheme: Look["scheme"]) => {
      await tab.look({ width: PHONE, scheme });
      return tab.value<string[]>(
        `["body", ".tiles div", "a", ".plot .observed"].map((one) => {
          const { color, backgroundColor, stroke } = getComputedStyle(document.querySelector(one));
          return [color, backgroundColor, stroke].join();
        })`,
      );
    };
    const [light, dark] = [await colours("light"), await colours("dark")];
    light.forEach((colour, at) => assert.notEqual(colour, dark[at]));
    const ground = "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)";
    assert.ok((await tab.value<number[]>(ground)).every((part) => part < 50));
  });

  it("has plots as wide as the page, with lines and areas in them", async () => {
    await each(async (name, { width }) => {
      const plots = await tab.value<{ width: number; height: number; drawn: number[] }[]>(
        `[...document.querySelectorAll(".plot")].map((plot) => {
          const { width, height } = plot.getBoundingClientRect();
          const drawn = [...plot.querySelectorAll("path")].map((path) => path.getBoundingClientRect().width);
          return { width, height, drawn };
        })`,
      );
      assert.equal(plots.length, 4, name);
      for (const plot of plots) {
        assert.ok(
          plot.width > Math.min(0.8 * width, 900) && plot.height > 100,
          `${name}: ${JSON.stringify(plot)}`,
        );
        assert.ok(plot.drawn.length > 0 && plot.drawn.some((wide) => wide > 0.05 * plot.width));
      }
    });
  });

  it("has words on its axes that are large enough, inside the page and apart from each other", async () => {
    await each(async (name, { width }) => {
      const words = await tab.value<Word[]>(AXES);
      assert.ok(words.length > 30);
      for (const [at, one] of words.entries()) {
        const said = `${name}: ${JSON.stringify(one)}`;
        assert.ok(one.left >= 0 && one.right <= width && one.bottom - one.top >= 11, said);
        for (const other of words.slice(at + 1).filter(({ plot }) => plot === one.plot)) {
          const apart =
            one.right <= other.left ||
            other.right <= one.left ||
            one.bottom <= other.top ||
            other.bottom <= one.top;
          assert.ok(apart, `${said} and ${other.word}`);
        }
      }
    });
  });

  it("tells kinds of steps and events apart by their colours, on the lane as in the plots and the legend", async () => {
    const colours = await tab.value<Record<string, string>>(
      `Object.fromEntries(
        [
          ["shift", ".lane .shift a", "backgroundColor", ".key.shift", "backgroundColor"],
          ["refused", ".lane .refused a", "backgroundColor", ".key.refused", "backgroundColor"],
          ["deploy", ".lane .deploy a", "backgroundColor", ".key.deploy", "backgroundColor"],
          ["fault", ".mark.fault", "stroke", ".lane .moment.fault", "borderLeftColor"],
          ["decision", ".mark.decision", "stroke", ".lane .moment.decision", "borderLeftColor"],
          ["mended", ".mark.mended", "stroke", ".lane .moment.mended", "borderLeftColor"],
        ].map(([kind, one, property, other, its]) => {
          const colour = getComputedStyle(document.querySelector(one))[property];
          const same = getComputedStyle(document.querySelector(other))[its] === colour;
          return [kind, same ? colour : "two colours"];
        }),
      )`,
    );
    assert.ok(!Object.values(colours).includes("two colours"), JSON.stringify(colours));
    assert.equal(new Set([colours.shift, colours.refused, colours.deploy]).size, 3);
    assert.equal(new Set([colours.fault, colours.decision, colours.mended]).size, 3);
  });

  it("has headings without a gap, alternatives of its plots, and tables with every sample", async () => {
    const levels = await tab.value<number[]>(
      `[...document.querySelectorAll("h1, h2, h3, h4")].map((one) => Number(one.tagName[1]))`,
    );
    assert.deepEqual(levels.filter((level) => level === 1).length, 1);
    for (const [at, level] of levels.entries()) assert.ok(level <= (levels[at - 1] ?? 0) + 1);
    const plots = await tab.value<{ name: string; rows: number; scopes: number }[]>(
      `[...document.querySelectorAll(".plot")].map((plot) => {
        const name = plot.getAttribute("aria-labelledby").split(" ").map((id) => document.getElementById(id).textContent.trim());
        const figure = plot.closest("figure");
        return {
          name: name.every((one) => one !== "") ? name.join(": ") : "",
          rows: figure.querySelectorAll("tbody tr").length,
          scopes: figure.querySelectorAll("thead th[scope=col]").length,
        };
      })`,
    );
    for (const { name, rows, scopes } of plots) {
      assert.notEqual(name, "");
      assert.equal(rows, record.samples?.length, name);
      assert.ok(scopes >= 3);
    }
    const ids = await tab.value<string[]>(`[...document.querySelectorAll("[id]")].map(({ id }) => id)`);
    assert.equal(new Set(ids).size, ids.length);
  });

  it("leads from each block of the lane to its step", async () => {
    const lost = await tab.value<string[]>(
      `[...document.querySelectorAll(".lane a")].map((one) => one.getAttribute("href"))
        .filter((address) => !document.querySelector(address + " h3"))`,
    );
    assert.deepEqual(lost, []);
    assert.equal(await tab.value("document.querySelectorAll('.lane a').length"), record.steps.length);
  });

  it("runs no script and loads nothing, were any to get into it", async () => {
    await tab.value(`(() => {
      const script = document.createElement("script");
      script.textContent = "window.ran = true";
      document.body.append(script);
      document.body.insertAdjacentHTML("beforeend", "<p onclick='window.ran = true' id='bait'></p>");
      document.getElementById("bait").click();
    })()`);
    assert.equal(await tab.value("window.ran === undefined"), true);
    const loaded = await tab.value(
      `new Promise((resolve) => {
        const image = new Image();
        image.onload = () => resolve("loaded");
        image.onerror = () => resolve("refused");
        image.src = "data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=";
      })`,
    );
    assert.equal(loaded, "refused");
  });
});
