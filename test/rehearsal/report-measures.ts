/**
 * Run in the page: the contrast of every text with what is behind it, and of what is drawn, by the formula of WCAG 2.
 * What is half transparent is mixed with what is behind it.
 */
export const CONTRASTS = `(() => {
  const parse = (colour) => {
    const [r, g, b, a = 1] = colour.match(/[\\d.]+/g).map(Number);
    return { r, g, b, a };
  };
  const over = (top, below) => {
    const mix = (one, other) => one * top.a + other * (1 - top.a);
    return { r: mix(top.r, below.r), g: mix(top.g, below.g), b: mix(top.b, below.b), a: 1 };
  };
  const grounds = (element) => {
    const colours = [];
    for (let one = element; one; one = one.parentElement) colours.unshift(parse(getComputedStyle(one).backgroundColor));
    return colours.reduce((below, top) => over(top, below), { r: 255, g: 255, b: 255, a: 1 });
  };
  const luminance = ({ r, g, b }) => {
    const [x, y, z] = [r, g, b].map((one) => (one / 255 <= 0.04045 ? one / 255 / 12.92 : ((one / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const contrast = (one, other) => {
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (node.data.trim() === "" || ["TITLE", "title", "desc", "STYLE"].includes(element.tagName)) continue;
    const style = getComputedStyle(element);
    const ink = parse(element.namespaceURI.endsWith("svg") ? style.fill : style.color);
    const ground = grounds(element);
    found.push({ kind: "text", what: node.data.trim().slice(0, 40), ratio: contrast(over(ink, ground), ground) });
  }
  for (const path of document.querySelectorAll(".plot path:not(.chance), .mark")) {
    const style = getComputedStyle(path);
    const drawn = style.stroke === "none" ? { ...parse(style.fill), a: Number(style.fillOpacity) } : parse(style.stroke);
    const ground = grounds(path.closest("figure"));
    found.push({ kind: "drawn", what: path.getAttribute("class"), ratio: contrast(over(drawn, ground), ground) });
  }
  return found;
})()`;

/** How far something stands out from what is behind it: from 1, not at all, to 21. */
export interface Contrast {
  readonly kind: "text" | "drawn";
  readonly what: string;
  readonly ratio: number;
}

/** Run in the page: the words along the axes, each with its plot, and where they are. */
export const AXES = `[...document.querySelectorAll(".axis text")].map((text) => {
  const { left, right, top, bottom } = text.getBoundingClientRect();
  return { plot: text.closest("svg").querySelector("title").id, word: text.textContent, left, right, top, bottom };
})`;

/** A word along an axis; edges in pixels of the window. */
export interface Word {
  readonly plot: string;
  readonly word: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}
