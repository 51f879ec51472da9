/**
 * The page's style. Each colour has at least 4.5 : 1 against every ground that its text is on, in light and in dark;
 * what is drawn has 3 : 1.
 */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ground: #fff; --panel: #f5f6f8; --ink: #171a20; --soft: #545d6b; --rule: #d7dce3;
  --blue: #1c5ecb; --green: #0b7444; --other: #7a5c00; --bad: #b0241b; --warn: #8a4b00; --work: #6b748414;
  --chip: #e6e9ee; --link: #1c5ecb;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --ground: #101318; --panel: #191e26; --ink: #e7eaef; --soft: #a3adbb; --rule: #343c48;
    --blue: #82b1ff; --green: #4fd08d; --other: #e5c15b; --bad: #ff8d82; --warn: #f3b35f; --work: #a3adbb17;
    --chip: #2a313c; --link: #82b1ff;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; scroll-padding-top: 1rem; }
body {
  margin: 0 auto; padding: 1.5rem clamp(1rem, 4vw, 2.5rem) 3rem; max-width: 68rem;
  background: var(--ground); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif;
  overflow-wrap: anywhere;
}
h1, h2, h3, p, ul, ol, dl, dd, figure { margin: 0; padding: 0; }
h1 { font-size: clamp(1.5rem, 5vw, 2.1rem); line-height: 1.2; letter-spacing: -0.015em; text-wrap: balance; }
h2 { font-size: 1.3rem; margin: 2.5rem 0 1rem; letter-spacing: -0.01em; }
h3 { font-size: 1rem; line-height: 1.35; }
a { color: var(--link); }
a:focus-visible, summary:focus-visible, .scroll:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
code, del, ins { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace; font-size: 0.85em; }
bdi, .said { unicode-bidi: isolate; }
.brand { color: var(--soft); font-weight: 600; font-size: 0.85rem; letter-spacing: 0.02em; }
.bad, .bad dd, .reaction .bad dt { color: var(--bad); }
.verdict { margin-top: 0.75rem; padding: 0.6rem 0.9rem; border-left: 4px solid var(--green); background: var(--panel); font-weight: 600; border-radius: 0 6px 6px 0; }
.verdict.bad { border-color: var(--bad); }
.verdict ul { margin: 0.4rem 0 0 1.1rem; font-weight: 400; color: var(--ink); }
.facts { display: flex; flex-wrap: wrap; gap: 0.2rem 1.4rem; margin-top: 0.9rem; color: var(--soft); font-size: 0.9rem; }
.facts div { display: flex; gap: 0.4rem; }
.facts dd { color: var(--ink); }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: 0.75rem; }
.tiles div { display: flex; flex-direction: column-reverse; justify-content: flex-end; padding: 0.8rem 1rem; background: var(--panel); border-radius: 10px; }
.tiles dd { font-size: 1.6rem; line-height: 1.2; font-weight: 650; font-variant-numeric: tabular-nums; letter-spacing: -0.02em; }
.tiles dt { color: var(--soft); font-size: 0.85rem; line-height: 1.3; margin-top: 0.15rem; }
p.fault { margin-bottom: 0.75rem; }
figure { margin: 0 0 2rem; break-inside: avoid; }
figcaption p { color: var(--soft); font-size: 0.9rem; line-height: 1.4; }
.legend { display: flex; flex-wrap: wrap; gap: 0.1rem 1.1rem; list-style: none; margin: 0.35rem 0 0.2rem; font-size: 0.85rem; }
.legend li { display: flex; align-items: center; gap: 0.4rem; }
.key { flex: none; width: 1.1rem; height: 0.2rem; border-radius: 1px; background: currentColor; }
.key.area, .key.chance { height: 0.8rem; border-radius: 2px; }
.key.configured { width: 1.45rem; height: 0; background: none; border-top: 2px dashed var(--ink); }
.key.observed, .key.green { background: var(--green); }
.key.blue { background: var(--blue); }
.key.unknown { background: var(--other); }
.key.deploy, .key.hold { background: var(--soft); }
.key.shift, .key.promote, .key.flip { background: var(--green); }
.key.refused, .key.fault { background: var(--bad); }
.key.rollback { background: var(--warn); }
.key.chance { background: var(--green); opacity: 0.28; }
svg { display: block; }
.plot { overflow: visible; }
.plot svg { overflow: hidden; }
.plot path { fill: none; stroke-width: 2; stroke-linejoin: round; vector-effect: non-scaling-stroke; }
.plot .configured { stroke: var(--ink); stroke-width: 1.5; stroke-dasharray: 5 3; }
.plot .observed, .plot .green { stroke: var(--green); }
.plot .blue { stroke: var(--blue); }
.plot .chance { fill: var(--green); fill-opacity: 0.2; }
.plot .area { stroke: none; fill-opacity: 0.85; }
.plot .area.blue { fill: var(--blue); }
.plot .area.green { fill: var(--green); }
.plot .area.unknown { fill: var(--other); }
.band { fill: var(--work); }
.grid { stroke: var(--rule); stroke-width: 1; shape-rendering: crispEdges; }
.axis text { fill: var(--soft); font-size: 12px; font-variant-numeric: tabular-nums; stroke: var(--ground); stroke-width: 3px; paint-order: stroke; stroke-linejoin: round; }
.mark { stroke: var(--warn); stroke-width: 2; }
.mark.fault { stroke: var(--bad); }
.mark.mended { stroke: var(--green); }
.tip { fill: transparent; }
.tip:hover { fill: var(--soft); fill-opacity: 0.25; }
.lane { position: relative; height: 2.2rem; margin: 0.5rem 0; list-style: none; background: var(--panel); border-radius: 4px; }
.lane li { position: absolute; top: 0.35rem; bottom: 0.35rem; min-width: 3px; }
.lane a { display: block; height: 100%; overflow: hidden; border-radius: 3px; background: var(--soft); color: var(--ground); font: 600 0.8rem/1.5rem system-ui, sans-serif; text-align: center; text-decoration: none; white-space: nowrap; }
.lane .shift a, .lane .promote a, .lane .flip a { background: var(--green); }
.lane .refused a, .lane .fault a { background: var(--bad); }
.lane .rollback a { background: var(--warn); }
.lane .moment { width: 0; top: 0; bottom: 0; border-left: 3px solid var(--warn); }
.lane .moment.fault { border-color: var(--bad); }
.lane .moment.mended { border-color: var(--green); }
.lane .moment span { position: absolute; width: 12px; left: -7px; top: 0; bottom: 0; overflow: hidden; text-indent: -99em; }
.moments { list-style: none; font-size: 0.9rem; }
.moments li { padding-left: 0.7rem; border-left: 3px solid var(--warn); margin-top: 0.3rem; }
.moments .fault { border-color: var(--bad); }
.moments .mended { border-color: var(--green); }
details { margin-top: 0.4rem; }
summary { cursor: pointer; color: var(--link); font-size: 0.9rem; padding: 0.25rem 0; }
.scroll { max-height: 22rem; overflow: auto; margin-top: 0.3rem; border: 1px solid var(--rule); border-radius: 6px; }
table { border-collapse: collapse; width: 100%; font-size: 0.85rem; font-variant-numeric: tabular-nums; }
th, td { padding: 0.25rem 0.6rem; text-align: right; border-bottom: 1px solid var(--rule); vertical-align: top; overflow-wrap: normal; }
th:first-child, .happenings th, .happenings td { text-align: left; }
thead th { position: sticky; top: 0; background: var(--panel); }
tbody th { font-weight: 400; color: var(--soft); }
td .said { display: block; min-width: 14rem; overflow-wrap: anywhere; }
.steps { list-style: none; display: grid; gap: 1rem; }
article { padding: 1rem 1.1rem; border: 1px solid var(--rule); border-left: 4px solid var(--soft); border-radius: 8px; break-inside: avoid; }
article:target { outline: 2px solid var(--link); outline-offset: 2px; }
article.shift, article.promote, article.flip { border-left-color: var(--green); }
article.refused, article.fault, article.failed { border-left-color: var(--bad); }
article.rollback { border-left-color: var(--warn); }
.number { color: var(--soft); font-variant-numeric: tabular-nums; }
.chip { display: inline-block; padding: 0 0.5rem; border-radius: 99px; background: var(--chip); font-size: 0.8rem; font-weight: 600; line-height: 1.5rem; }
article dl { display: flex; flex-wrap: wrap; gap: 0.1rem 1.3rem; margin: 0.45rem 0 0.7rem; font-size: 0.9rem; font-variant-numeric: tabular-nums; }
article dl div { display: flex; gap: 0.4rem; }
article dt { color: var(--soft); }
.split { position: relative; display: flex; height: 0.7rem; border-radius: 3px; background: var(--chip); }
.split i { display: block; height: 100%; }
.split i.blue { background: var(--blue); border-radius: 3px 0 0 3px; }
.split i.green { background: var(--green); border-radius: 0 3px 3px 0; }
.split b { position: absolute; top: -0.25rem; bottom: -0.25rem; width: 3px; margin-left: -1.5px; background: var(--ink); border-radius: 1px; box-shadow: 0 0 0 1px var(--ground); }
.shares { display: flex; flex-wrap: wrap; gap: 0.1rem 0.9rem; margin-top: 0.35rem; font-size: 0.9rem; }
.shares .blue { color: var(--blue); font-weight: 600; }
.shares .green { color: var(--green); font-weight: 600; }
.shares span:last-child { color: var(--soft); }
.broken { margin-top: 0.5rem; color: var(--bad); }
.refusal { margin-top: 0.7rem; padding: 0.6rem 0.8rem; background: var(--panel); border-radius: 6px; font-size: 0.9rem; }
.refusal strong { color: var(--bad); }
.refusal .said { margin-top: 0.25rem; }
.failed .said { white-space: pre-line; }
.call { margin-top: 0.6rem; font-size: 0.9rem; }
.call .said { margin-top: 0.1rem; color: var(--soft); }
.reaction { margin-top: 0.6rem; font-size: 0.9rem; }
.reaction dl { margin: 0.2rem 0 0; }
.changed { margin-top: 0.6rem; }
p.changed { color: var(--soft); font-size: 0.9rem; }
.resource { margin: 0.5rem 0; font-size: 0.9rem; line-height: 1.4; }
.resource code { color: var(--soft); }
.resource ul { list-style: none; margin: 0.15rem 0 0 0.9rem; }
.resource li { padding: 0.1rem 0; }
del { color: var(--bad); }
ins { color: var(--green); text-decoration: none; }
del::before { content: "− "; } ins::before { content: "+ "; }
del, ins { display: inline-block; max-width: 100%; margin-right: 0.6rem; text-decoration: none; }
footer { margin-top: 3rem; padding-top: 1rem; border-top: 1px solid var(--rule); color: var(--soft); font-size: 0.85rem; }
footer p + p { margin-top: 0.5rem; }
@media (max-width: 30rem) {
  .tiles { grid-template-columns: 1fr 1fr; gap: 0.5rem; }
  .tiles div { padding: 0.65rem 0.75rem; }
  .tiles dd { font-size: 1.35rem; }
  article { padding: 0.8rem; }
  .lane a { font-size: 0; }
}
@media print {
  body { max-width: none; padding: 0; font-size: 11pt; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .tip { display: none; }
  .scroll { max-height: none; overflow: visible; }
}
`;
