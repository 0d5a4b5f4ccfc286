// Finds the pages that answer a question: MiniSearch over sections, best section a page.
"use strict";

const SMALL = new Set(
  ("a an and are as at be but by can do does for from has have how i if in into is it its " +
   "many me more most much my no not of on one or our so than that the their them then there " +
   "these they this to too up was we were what when where which who why will with would you " +
   "your get gets got make makes made use used should about").split(" "));

function stem(word) {
  word = word.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "");
  if (SMALL.has(word) || word.length < 2) return null;
  if (/^\d/.test(word)) return word;
  return word
    .replace(/isation(s?)$/, "ization").replace(/is(e|es|ed|ing)$/, "iz")
    .replace(/iz(e|es|ed|ing|ation|ations)$/, "iz")
    .replace(/(sses)$/, "ss").replace(/ies$/, "y").replace(/([^su])s$/, "$1")
    .replace(/(..)ing$/, "$1").replace(/(...)ed$/, "$1").replace(/(...)e$/, "$1");
}

const index = new MiniSearch({
  fields: ["title", "heading", "text"],
  storeFields: ["page", "title", "at", "heading", "text"],
  tokenize: (text) => text.split(/[^\p{L}\p{N}]+/u),
  processTerm: stem,
});
index.addAll(PAGES);

// Sections that answer a question, the best of each page, the best page first.
function search(question) {
  const hits = index.search(question, {
    boost: { title: 4, heading: 2.5 },
    prefix: (term) => term.length > 3,
    fuzzy: (term) => (term.length > 5 ? 0.2 : false),
    weights: { fuzzy: 0.3, prefix: 0.4 },
  });
  const pages = new Map();
  for (const hit of hits) {
    const page = pages.get(hit.page);
    if (!page) pages.set(hit.page, { ...hit, all: hit.score, n: 1 });
    else if (page.n < 4) { page.all += hit.score / 2 ** page.n; page.n += 1; }
  }
  return [...pages.values()].sort((a, b) => b.all - a.all);
}

function excerpt(text, terms) {
  const words = text.split(" ");
  const near = words.findIndex((word) => terms.includes(stem(word.replace(/[^\p{L}\p{N}]/gu, ""))));
  const start = Math.max(0, near - 12);
  return (start ? "… " : "") + words.slice(start, start + 36).join(" ") + " …";
}

function show(question) {
  const said = document.getElementById("said");
  const list = document.getElementById("found");
  const found = search(question).slice(0, 12);
  said.textContent = found.length
    ? `${found.length} pages for “${question}”`
    : `Nothing for “${question}”. Fewer words may find more.`;
  list.replaceChildren(...found.map((hit) => {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = hit.page + (hit.at ? `#${hit.at}` : "");
    link.textContent = hit.title + (hit.heading && hit.heading !== hit.title ? `: ${hit.heading}` : "");
    const text = document.createElement("p");
    text.textContent = excerpt(hit.text, hit.terms);
    item.append(link, text);
    return item;
  }));
}

const asked = new URLSearchParams(location.search).get("q");
if (asked) {
  for (const box of document.querySelectorAll("input[type=search]")) box.value = asked;
  show(asked);
}
