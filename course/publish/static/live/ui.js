// What the networks in the page share: controls, canvases, colours, words for a listener.
"use strict";

const Live = (() => {
  const makers = {};
  const stored = {};

  // An element with attributes (functions become listeners) and children.
  function el(tag, attributes = {}, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (typeof value === "function") node.addEventListener(name, value);
      else if (value !== undefined && value !== false) node.setAttribute(name, value);
    }
    node.append(...children.flat().filter((c) => c !== null && c !== undefined));
    return node;
  }

  const button = (label, on, attributes = {}) =>
    el("button", { type: "button", click: on, ...attributes }, label);

  // A number as it is printed, with a real minus.
  const number = (v, digits = 2) => v.toFixed(digits).replace("-", "−");

  // A labelled slider; `of` writes its value. Returns the row, with get and set.
  function slider(label, { min, max, step, value, of = (v) => number(v), on }) {
    const shown = el("output", {}, of(value));
    const input = el("input", { type: "range", min, max, step, value, "aria-label": label });
    const tell = () => {
      shown.textContent = of(Number(input.value));
      input.setAttribute("aria-valuetext", shown.textContent);
    };
    input.addEventListener("input", () => { tell(); on(Number(input.value)); });
    const row = el("label", { class: "slider" }, el("span", {}, label), input, shown);
    tell();
    row.get = () => Number(input.value);
    row.set = (v) => { input.value = v; tell(); };
    return row;
  }

  // A labelled list to choose from: { value: words }.
  function choice(label, options, value, on) {
    const select = el("select", { change: () => on(select.value) },
      Object.entries(options).map(([v, words]) => el("option", { value: v }, words)));
    select.value = value;
    const row = el("label", { class: "choice" }, el("span", {}, label), select);
    row.set = (v) => { select.value = v; };
    return row;
  }

  // A canvas that stays sharp; draw(pen, width, height, colours) is called on `paint`.
  function canvas(width, height, label, draw, attributes = {}) {
    const node = el("canvas", { role: "img", "aria-label": label, ...attributes });
    const sharp = Math.min(3, Math.max(1, globalThis.devicePixelRatio || 1));
    node.width = width * sharp;
    node.height = height * sharp;
    node.style.width = `${width}px`;
    node.style.aspectRatio = `${width} / ${height}`;
    const pen = node.getContext("2d");
    let asked = false;
    node.paint = () => {
      if (asked) return;
      asked = true;
      requestAnimationFrame(() => {
        asked = false;
        pen.setTransform(sharp, 0, 0, sharp, 0, 0);
        pen.clearRect(0, 0, width, height);
        // Letters stay 13 pixels high where the canvas is made smaller.
        pen.font = `${(13 * width) / Math.min(width, node.clientWidth || width)}px system-ui, sans-serif`;
        pen.lineWidth = 2;
        pen.textBaseline = "alphabetic";
        pen.textAlign = "left";
        draw(pen, width, height, colours());
      });
    };
    // Where a pointer is, in the canvas's own units.
    node.at = (event) => {
      const box = node.getBoundingClientRect();
      return [((event.clientX - box.left) / box.width) * width,
        ((event.clientY - box.top) / box.height) * height];
    };
    canvases.add(node);
    new ResizeObserver(() => node.paint()).observe(node);
    return node;
  }

  const canvases = new Set();
  new MutationObserver(() => canvases.forEach((c) => c.paint())).observe(
    document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });

  // The house's colours as the theme has them.
  function colours() {
    const style = getComputedStyle(document.documentElement);
    const names = ["paper", "ink", "soft", "line", "shade",
      "blue", "vermillion", "green", "orange", "purple", "sky"];
    return Object.fromEntries(names.map((n) => [n, style.getPropertyValue(`--${n}`).trim()]));
  }

  // Dragging with a mouse, a finger or a pen: on(x, y, "down" | "move" | "up").
  function drag(node, on) {
    let held = false;
    node.style.touchAction = "none";
    node.addEventListener("pointerdown", (event) => {
      held = true;
      node.setPointerCapture(event.pointerId);
      on(...node.at(event), "down");
      event.preventDefault();
      node.focus();
    });
    node.addEventListener("pointermove", (event) => { if (held) on(...node.at(event), "move"); });
    for (const end of ["pointerup", "pointercancel"]) {
      node.addEventListener(end, (event) => {
        if (held) { held = false; on(...node.at(event), "up"); }
      });
    }
  }

  // Arrow keys as (dx, dy); other keys by name. What is used does not scroll the page.
  function keys(node, arrows, others = {}) {
    const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    node.tabIndex = 0;
    node.addEventListener("keydown", (event) => {
      if (steps[event.key] && arrows) arrows(...steps[event.key]);
      else if (others[event.key]) others[event.key]();
      else return;
      event.preventDefault();
    });
  }

  // Bars with their labels: [[words, share, colour name, text], …] as HTML.
  function bars(rows) {
    return el("div", { class: "bars" }, rows.map(([words, share, colour, text]) =>
      el("div", { class: "bar" }, el("span", {}, words),
        el("span", { class: "track" },
          el("span", { class: `fill ${colour}`, style: `width:${100 * Math.min(1, Math.max(0, share))}%` })),
        el("span", { class: "number" }, text))));
  }

  // A loop that runs while it is wanted and the tab is seen.
  function loop(turn) {
    let wanted = false;
    const next = () => { if (wanted) { turn(); requestAnimationFrame(next); } };
    return {
      get running() { return wanted; },
      start() { if (!wanted) { wanted = true; requestAnimationFrame(next); } },
      stop() { wanted = false; },
    };
  }

  // Registers a kind of box; make(stage, say, box) fills the stage.
  const register = (name, make) => { makers[name] = make; };
  const store = (name, about, bytes) => { stored[name] = { about, bytes }; };

  async function start(box) {
    const name = box.dataset.live;
    const stage = box.querySelector(".stage");
    const told = box.querySelector(".told");
    let last = 0;
    // Words for a listener: the newest, at most one in a second.
    const say = (words) => {
      clearTimeout(last);
      last = setTimeout(() => { told.textContent = words; }, 300);
    };
    const fresh = el("div", { class: "filled" });
    try {
      await makers[name](fresh, say, box);
      stage.replaceChildren(fresh);
      for (const node of fresh.querySelectorAll("canvas")) node.paint();
      box.dataset.ready = String(Math.round(performance.now()));
    } catch (error) { // the static twin stays
      box.dataset.failed = String(error);
      console.error(name, error);
    }
  }

  addEventListener("DOMContentLoaded", () => {
    for (const box of document.querySelectorAll("[data-live]")) start(box);
  });

  return { bars, button, canvas, choice, colours, drag, el, keys, loop, number, register, slider, store, stored };
})();
