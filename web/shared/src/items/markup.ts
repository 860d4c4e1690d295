/** What a text of an item may hold besides text: the importer's list once more, for what reaches a screen. */
const KEPT = new Set(
  ("p div br span b strong i em u s del ins sub sup small mark code pre kbd samp var blockquote q cite abbr hr ul ol li dl dt dd " +
    "table caption colgroup col thead tbody tfoot tr th td figure figcaption ruby rt rp img").split(" "),
);
/** Elements that vanish with all they hold; any other unknown one leaves its text in its place. */
const DROPPED = new Set(
  ("script style iframe frame object embed applet form input button select textarea link meta base template noscript video audio " +
    "source track canvas svg head title annotation annotation-xml maction").split(" "),
);
const ATTRIBUTES = new Set("alt title width height colspan rowspan scope start type value reversed span lang dir".split(" "));
const MATH_ATTRIBUTES = new Set(
  ("accent accentunder align bevelled close columnalign columnlines columnspacing columnspan depth dir display displaystyle " +
    "fence form frame height largeop linethickness lspace mathcolor mathsize mathvariant maxsize minsize movablelimits notation open rowalign rowlines " +
    "rowspacing rowspan rspace scriptlevel separator separators side stretchy subscriptshift superscriptshift symmetric voffset width").split(" "),
);
const MATHML = "http://www.w3.org/1998/Math/MathML";
const PICTURE = /^picture:([0-9a-f]{64})$/;
/** Where a stem leaves room for a typed text. */
const BLANK = /_{3,}|＿{2,}/g;

/** How one text is shown. */
export interface Showing {
  markup: "text" | "html";
  /** Address before a picture's name, such as "/pictures/". */
  pictures: string;
  /** How many blanks the text holds at most; they are numbered from 1. */
  blanks: number;
}

/**
 * An item's text as nodes of this document.
 *
 * HTML is read into a document of its own, where nothing runs and nothing is fetched, and copied name by name: what is
 * on no list does not come along, whoever wrote it. Texts become text.
 */
export function rendered(text: string, showing: Showing): DocumentFragment {
  const copy = new Copy(showing);
  const fragment = document.createDocumentFragment();
  if (showing.markup === "text") copy.text(text, fragment);
  else for (const node of new DOMParser().parseFromString(text, "text/html").body.childNodes) copy.node(node, fragment);
  return fragment;
}

/** Whether a text shows a picture. */
export const showsPicture = (markup: "text" | "html", text: string): boolean => markup === "html" && text.includes("picture:");

class Copy {
  private blank = 0;

  constructor(private readonly showing: Showing) {}

  node(from: Node, into: Node): void {
    if (from.nodeType === Node.TEXT_NODE) this.text(from.textContent ?? "", into);
    else if (from instanceof Element || from.nodeType === Node.ELEMENT_NODE) this.element(from as Element, into);
  }

  text(text: string, into: Node): void {
    let last = 0;
    for (const found of text.matchAll(BLANK)) {
      if (this.blank >= this.showing.blanks) break;
      this.blank += 1;
      into.appendChild(document.createTextNode(text.slice(last, found.index)));
      const place = document.createElement("span");
      place.className = "blank";
      place.textContent = String(this.blank);
      into.appendChild(place);
      last = found.index + found[0].length;
    }
    if (last < text.length) into.appendChild(document.createTextNode(text.slice(last)));
  }

  private element(from: Element, into: Node): void {
    const name = from.localName.toLowerCase();
    if (DROPPED.has(name)) return;
    const math = from.namespaceURI === MATHML;
    const heading = !math && /^h[1-6]$/.test(name);
    if (!math && !heading && !KEPT.has(name)) {
      for (const child of from.childNodes) this.node(child, into);
      return;
    }
    const to = math ? document.createElementNS(MATHML, name) : document.createElement(heading ? "p" : name);
    for (const { name: attribute, value } of from.attributes) {
      if ((math ? MATH_ATTRIBUTES : ATTRIBUTES).has(attribute)) to.setAttribute(attribute, value);
    }
    if (heading) to.className = "title";
    if (to instanceof HTMLElement) this.dress(from as HTMLElement, to);
    for (const child of from.childNodes) this.node(child, to);
    into.appendChild(to);
  }

  /** What is no attribute to be copied: a picture's address, and of all styles the alignment. */
  private dress(from: HTMLElement, to: HTMLElement): void {
    const align = /text-align\s*:\s*(left|right|center|justify)/.exec(from.getAttribute("style") ?? "")?.[1];
    if (align !== undefined) to.style.textAlign = align;
    if (!(to instanceof HTMLImageElement)) return;
    const name = PICTURE.exec(from.getAttribute("src") ?? "")?.[1];
    if (name !== undefined) to.src = this.showing.pictures + name;
    to.draggable = false;
  }
}
