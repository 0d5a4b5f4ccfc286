// Sketch an apple: a plane through the generator's latent space, mixing, and its training.
"use strict";

Live.register("apple", async (stage, say) => {
  const { button, canvas, choice, drag, el, keys, slider } = Live;
  const { networks } = await Forward.load("apple");
  const iterations = Object.keys(networks).map(Number).sort((a, b) => a - b);
  const SIZE = 32, PAD = 240;
  let seed = 8, generator = networks[iterations.at(-1)];
  let corners, one, other, mix = 0.5;
  const at = [0, 0];

  const rng = () => { seed = (seed * 48271) % 2147483647; return seed / 2147483647; };
  const noise = () => Float32Array.from({ length: SIZE }, () => 2 * rng() - 1);
  const draw = (z) => generator.output(z);

  // The pad spans a plane: its middle and two directions, kept within −1 and 1.
  const place = ([x, y]) => corners[0].map((v, i) =>
    Math.max(-1, Math.min(1, v + x * corners[1][i] + y * corners[2][i])));
  const mixed = () => one.map((v, i) => v * (1 - mix) + other[i] * mix);

  function picture(values, c) {
    const image = new ImageData(28, 28);
    const rgb = (name) => [1, 3, 5].map((i) => parseInt(c[name].slice(i, i + 2), 16));
    const [paper, ink] = [rgb("paper"), rgb("ink")];
    values.forEach((v, i) => {
      for (let k = 0; k < 3; k++) image.data[4 * i + k] = paper[k] + (ink[k] - paper[k]) * v;
      image.data[4 * i + 3] = 255;
    });
    const node = Object.assign(document.createElement("canvas"), { width: 28, height: 28 });
    node.getContext("2d").putImageData(image, 0, 0);
    return node;
  }
  const sketch = (size, label, z) => canvas(size, size, label, (pen, w, h, c) => {
    pen.imageSmoothingEnabled = true;
    pen.drawImage(picture(draw(z()), c), 0, 0, w, h);
    pen.strokeStyle = c.line;
    pen.strokeRect(0, 0, w, h);
  });

  const pad = canvas(PAD, PAD, "Pad over a plane of the latent space", (pen, w, h, c) => {
    pen.fillStyle = c.shade;
    pen.fillRect(0, 0, w, h);
    for (const y of [-0.8, 0, 0.8]) {
      for (const x of [-0.8, 0, 0.8]) {
        pen.globalAlpha = 0.75;
        pen.drawImage(picture(thumbs.get(`${x},${y}`) ?? remember(x, y), c), ((x + 1) / 2) * w - 26, ((y + 1) / 2) * h - 26, 52, 52);
      }
    }
    pen.globalAlpha = 1;
    pen.strokeStyle = c.vermillion;
    pen.beginPath();
    pen.arc(((at[0] + 1) / 2) * w, ((at[1] + 1) / 2) * h, 9, 0, 7);
    pen.stroke();
  }, { tabindex: 0 });
  const thumbs = new Map();
  function remember(x, y) {
    const values = draw(place([x, y]));
    thumbs.set(`${x},${y}`, values);
    return values;
  }

  const large = sketch(PAD, "The sketch at this place", () => place(at));
  const left = sketch(80, "One sketch", () => one);
  const middle = sketch(130, "The mixture", mixed);
  const right = sketch(80, "Another sketch", () => other);
  const all = [large, left, middle, right];

  function fresh() {
    const [a, b, c] = [noise(), noise(), noise()];
    corners = [a, b, c];
    one = noise();
    other = noise();
    thumbs.clear();
    show();
  }
  function show() {
    pad.paint();
    all.forEach((node) => node.paint());
    const ink = draw(place(at)).reduce((s, v) => s + v, 0) / 784;
    stage.dataset.ink = ink;
    say(`At ${at.map((v) => Live.number(v, 1)).join(", ")}; ${(100 * ink).toFixed(0)} per cent of the paper is ink.`);
  }
  function move(x, y) {
    at[0] = Math.max(-1, Math.min(1, x));
    at[1] = Math.max(-1, Math.min(1, y));
    show();
  }
  drag(pad, (px, py) => move((px / PAD) * 2 - 1, (py / PAD) * 2 - 1));
  keys(pad, (dx, dy) => move(at[0] + dx * 0.1, at[1] + dy * 0.1));

  stage.append(
    el("div", { class: "row" }, button("Other noise", fresh),
      choice("its training, iteration", Object.fromEntries(iterations.map((i) => [i, i.toLocaleString("en")])), iterations.at(-1),
        (v) => { generator = networks[v]; thumbs.clear(); show(); })),
    el("div", { class: "columns" },
      el("div", {}, el("p", { class: "sum" }, "Walk: drag, or use the arrow keys"), pad),
      el("div", {}, el("p", { class: "sum" }, "the sketch there"), large)),
    el("p", { class: "sum" }, "Mix two sketches"),
    el("div", { class: "mix" }, left, middle, right),
    el("div", { class: "controls" }, slider("from left to right", { min: 0, max: 1, step: 0.02, value: mix, of: (v) => `${Math.round(100 * v)} %`, on: (v) => { mix = v; middle.paint(); } })),
    el("p", { class: "hint" }, "Both the walk and the mixture change the 32 numbers, never the picture: what is in between is drawn anew. Early iterations are sent with fewer bits than the last one."));
  fresh();
});
