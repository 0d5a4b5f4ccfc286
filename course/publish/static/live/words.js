// Words as places: nearest words, analogies, the odd one out, and their map.
"use strict";

Live.register("words", async (stage, say) => {
  const { bars, button, canvas, drag, el, keys } = Live;
  const { about, arrays } = await Forward.load("words");
  const words = about.words.split(" ");
  const number = new Map(words.map((word, i) => [word, i]));
  const size = arrays.vectors.shape[1];
  const vector = (word) => {
    const i = number.get(word);
    const v = arrays.vectors.slice(i * size, (i + 1) * size);
    const long = Math.hypot(...v);
    return v.map((x) => x / long);
  };
  const lengths = Float32Array.from(words, (_, i) =>
    Math.hypot(...arrays.vectors.subarray(i * size, (i + 1) * size)));

  // The words closest to a direction, with their cosines.
  function nearest(direction, without, n) {
    const long = Math.hypot(...direction);
    const cosines = words.map((_, i) => {
      let sum = 0;
      for (let k = 0; k < size; k++) sum += direction[k] * arrays.vectors[i * size + k];
      return sum / lengths[i] / long;
    });
    return cosines.map((c, i) => [words[i], c]).filter(([word]) => !without.includes(word))
      .sort((a, b) => b[1] - a[1]).slice(0, n);
  }
  const list = (found) => bars(found.map(([word, c]) => [word, c, "blue", c.toFixed(2)]));
  const clean = (word) => word.trim().toLowerCase().replaceAll(" ", "_");
  const unknown = (asked) => asked.filter((word) => !number.has(word));
  let lit = [];

  function tool(title, fields, run, hint) {
    const out = el("div", { "aria-live": "off" });
    const inputs = fields.map(([label, value]) => el("input", { type: "text", value, "aria-label": label, size: 12, autocapitalize: "off" }));
    const go = () => {
      const asked = inputs.flatMap((i) => i.value.split(/[,;]\s*|\s+/)).map(clean).filter(Boolean);
      const strange = unknown(asked);
      if (strange.length) {
        const near = words.filter((word) => word.startsWith(strange[0].slice(0, 4))).slice(0, 4);
        out.replaceChildren(el("p", {}, `“${strange[0]}” is not among the ${words.length.toLocaleString("en")} words.` +
          (near.length ? ` There are: ${near.join(", ")}.` : "")));
        say(out.textContent);
        return;
      }
      const found = run(asked, out);
      if (found) { lit = found; map.paint(); say(`${title}: ${found.slice(0, 5).join(", ")}`); }
    };
    inputs.forEach((input) => input.addEventListener("keydown", (event) => { if (event.key === "Enter") go(); }));
    return {
      go,
      node: el("section", {}, el("p", { class: "sum" }, el("b", {}, title)),
        el("div", { class: "row" }, ...inputs.flatMap((input, i) => (i ? [hint[i - 1], input] : [input])), button("Ask", go)), out),
    };
  }

  const near = tool("Nearest words", [["word", "father"]], ([word], out) => {
    if (!word) return null;
    const found = nearest(vector(word), [word], 6);
    out.replaceChildren(list(found));
    return [word, ...found.map(([w]) => w)];
  }, []);
  const analogy = tool("Analogy", [["is to this, as", "man"], ["this", "father"], ["as", "woman"]], (asked, out) => {
    if (asked.length !== 3) { out.replaceChildren(el("p", {}, "It takes three words.")); return null; }
    const [a, b, c] = asked.map(vector);
    const found = nearest(b.map((v, k) => v - a[k] + c[k]), asked, 6);
    out.replaceChildren(el("p", {}, `${asked[0]} is to ${asked[1]} as ${asked[2]} is to`), list(found));
    return [found[0][0], ...asked];
  }, ["is to", "as"]);
  const odd = tool("Odd one out", [["words", "mother father sister brother dog"]], (asked, out) => {
    if (asked.length < 3) { out.replaceChildren(el("p", {}, "It takes three words or more.")); return null; }
    const all = asked.map(vector);
    const mean = all[0].map((_, k) => all.reduce((s, v) => s + v[k], 0) / all.length);
    const long = Math.hypot(...mean);
    const close = all.map((v, i) => [asked[i], v.reduce((s, x, k) => s + x * mean[k], 0) / long]).sort((a, b) => a[1] - b[1]);
    out.replaceChildren(el("p", {}, "Farthest from the middle of all is ", el("b", {}, close[0][0]), "."), list(close));
    return close.map(([w]) => w);
  }, []);
  odd.node.querySelector("input").size = 34;

  // The map: t-SNE's two numbers for each word.
  const W = 560, H = 420;
  const xs = words.map((_, i) => arrays.places[2 * i]);
  const ys = words.map((_, i) => arrays.places[2 * i + 1]);
  const [x0, x1, y0, y1] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const view = { x: 0.5, y: 0.5, zoom: 1 };
  const place = (i) => [
    ((xs[i] - x0) / (x1 - x0) - view.x) * view.zoom * W + W / 2,
    ((y1 - ys[i]) / (y1 - y0) - view.y) * view.zoom * H + H / 2];
  const map = canvas(W, H, "The map of all words; the words of the last answer are marked", (pen, w, h, c) => {
    pen.fillStyle = c.sky;
    pen.globalAlpha = 0.5;
    for (let i = 0; i < words.length; i++) {
      const [x, y] = place(i);
      if (x > 0 && x < w && y > 0 && y < h) pen.fillRect(x - 1, y - 1, 2, 2);
    }
    pen.globalAlpha = 1;
    pen.textAlign = "center";
    const taken = [];
    const write = (i, colour, sure) => {
      const [x, y] = place(i);
      const half = pen.measureText(words[i]).width / 2 + 3;
      if (x < half || x > w - half || y < 14 || y > h - 4) return;
      const clash = taken.some((t) => Math.abs(t[0] - x) < t[2] + half && Math.abs(t[1] - y) < 16);
      if (clash && !sure) return;
      taken.push([x, y, half]);
      pen.lineWidth = 4;
      pen.strokeStyle = c.paper;
      pen.strokeText(words[i], x, y);
      pen.fillStyle = colour;
      pen.fillText(words[i], x, y);
    };
    lit.forEach((word, k) => {
      const [x, y] = place(number.get(word));
      pen.fillStyle = c.vermillion;
      pen.fillRect(x - 4, y - 4, 8, 8);
      write(number.get(word), c.vermillion, k === 0);
    });
    for (let i = 150; i < words.length && taken.length < 45; i++) write(i, c.soft, false);
  });
  const zoom = (by) => {
    view.zoom = Math.min(40, Math.max(1, view.zoom * by));
    if (by > 1 && lit.length && view.zoom === by) {
      const i = number.get(lit[0]);
      [view.x, view.y] = [(xs[i] - x0) / (x1 - x0), (y1 - ys[i]) / (y1 - y0)];
    }
    if (view.zoom === 1) [view.x, view.y] = [0.5, 0.5];
    map.paint();
  };
  let held = null;
  drag(map, (px, py, what) => {
    if (what !== "down") {
      view.x -= (px - held[0]) / W / view.zoom;
      view.y -= (py - held[1]) / H / view.zoom;
      map.paint();
    }
    held = [px, py];
  });
  keys(map, (dx, dy) => { view.x += dx * 0.1 / view.zoom; view.y += dy * 0.1 / view.zoom; map.paint(); },
    { "+": () => zoom(1.6), "-": () => zoom(1 / 1.6) });

  stage.append(el("div", { class: "columns" },
    el("div", {}, near.node, analogy.node, odd.node),
    el("div", {}, map, el("div", { class: "row" }, button("Closer", () => zoom(1.6)), button("Farther", () => zoom(1 / 1.6))),
      el("p", { class: "hint" }, "t-SNE’s map of all words. Drag it, or move it with the arrow keys; + and − bring it closer and farther. Pairs such as mr_knightley are one word."))));
  analogy.go();
  odd.go();
  near.go();
});
