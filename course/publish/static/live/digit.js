// Draw a digit: the trained networks read it while it is drawn, and show what lights up.
"use strict";

Live.register("digit", async (stage, say) => {
  const { button, canvas, choice, drag, el, keys } = Live;
  const { about, networks } = await Forward.load("digit");
  const SIDE = 280;
  // Strokes of an example of each digit, in shares of the pad.
  const EXAMPLES = {
    0: [[[.5, .15], [.33, .28], [.28, .5], [.34, .74], [.5, .86], [.66, .74], [.72, .5], [.67, .28], [.5, .15]]],
    1: [[[.5, .14], [.5, .86]]],
    2: [[[.3, .3], [.38, .18], [.55, .15], [.68, .26], [.66, .42], [.5, .6], [.3, .83], [.72, .83]]],
    3: [[[.32, .2], [.5, .14], [.66, .25], [.62, .4], [.46, .48], [.64, .56], [.68, .72], [.52, .86], [.3, .8]]],
    4: [[[.36, .16], [.3, .52], [.7, .52]], [[.66, .16], [.64, .86]]],
    5: [[[.68, .16], [.38, .16], [.35, .46], [.54, .42], [.68, .55], [.66, .74], [.5, .86], [.3, .8]]],
    6: [[[.62, .14], [.42, .34], [.34, .62], [.44, .84], [.62, .82], [.68, .64], [.54, .54], [.37, .64]]],
    7: [[[.28, .18], [.72, .18], [.58, .45], [.46, .86]]],
    8: [[[.5, .5], [.34, .36], [.36, .2], [.5, .14], [.64, .2], [.66, .36], [.5, .5], [.33, .64], [.35, .8], [.5, .87], [.65, .8], [.67, .64], [.5, .5]]],
    9: [[[.66, .32], [.54, .16], [.36, .24], [.36, .42], [.52, .5], [.66, .36], [.66, .6], [.6, .86]]],
  };
  const example = (d) => EXAMPLES[d].map((s) => s.map((p) => [...p]));
  let strokes = example(3);
  let shownFirst = true; // an example until the reader draws
  let penDown = false;
  const cursor = [0.5, 0.5];

  // The strokes as MNIST has its digits: 20 pixels high or wide, the ink's middle in the
  // middle of 28 by 28.
  function pixels(shift = [0, 0], turn = 0) {
    const all = strokes.flat();
    if (!all.length) return new Float32Array(784);
    const low = [0, 1].map((k) => Math.min(...all.map((p) => p[k])));
    const high = [0, 1].map((k) => Math.max(...all.map((p) => p[k])));
    const scale = 18 / Math.max(high[0] - low[0], high[1] - low[1], 0.05);
    const middle = [0, 1].map((k) => (low[k] + high[k]) / 2);
    const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
    const place = (p) => {
      const [x, y] = [(p[0] - middle[0]) * scale, (p[1] - middle[1]) * scale];
      return [cos * x - sin * y, sin * x + cos * y];
    };
    const FINE = 4;
    const draw = (dx, dy) => {
      const node = Object.assign(document.createElement("canvas"), { width: 28 * FINE, height: 28 * FINE });
      const pen = node.getContext("2d", { willReadFrequently: true });
      pen.lineCap = pen.lineJoin = "round";
      pen.lineWidth = 2.4 * FINE;
      for (const stroke of strokes) {
        pen.beginPath();
        stroke.map(place).forEach(([x, y]) => pen.lineTo((14 + x + dx) * FINE, (14 + y + dy) * FINE));
        if (stroke.length === 1) { const [x, y] = place(stroke[0]); pen.lineTo((14 + x + dx) * FINE + 0.1, (14 + y + dy) * FINE); }
        pen.stroke();
      }
      const ink = pen.getImageData(0, 0, 28 * FINE, 28 * FINE).data;
      const out = new Float32Array(784);
      for (let i = 0; i < 28 * FINE; i++) {
        for (let j = 0; j < 28 * FINE; j++) {
          out[Math.floor(i / FINE) * 28 + Math.floor(j / FINE)] += ink[4 * (i * 28 * FINE + j) + 3] / 255 / FINE ** 2;
        }
      }
      return out;
    };
    const first = draw(0, 0);
    const sum = first.reduce((a, b) => a + b, 0) || 1;
    const x = first.reduce((s, v, i) => s + v * ((i % 28) + 0.5), 0) / sum;
    const y = first.reduce((s, v, i) => s + v * (Math.floor(i / 28) + 0.5), 0) / sum;
    return draw(14 - x + shift[0], 14 - y + shift[1]);
  }

  function read(id, image) {
    const flat = networks[id].layers[0].kind === "Dense";
    return networks[id].pass(image, flat ? [784] : [28, 28, 1]);
  }
  const winner = (shares) => shares.indexOf(Math.max(...shares));

  // One pixel a number, grey from paper to ink.
  function patch(values, width, colours) {
    const height = values.length / width;
    const node = Object.assign(document.createElement("canvas"), { width, height });
    const image = new ImageData(width, height);
    const top = Math.max(1e-9, ...values.map(Math.abs));
    const rgb = (c) => [1, 3, 5].map((i) => parseInt(c.slice(i, i + 2), 16));
    const [paper, up, down] = [rgb(colours.paper), rgb(colours.blue), rgb(colours.vermillion)];
    values.forEach((v, i) => {
      const share = Math.abs(v) / top;
      for (let k = 0; k < 3; k++) image.data[4 * i + k] = paper[k] + ((v < 0 ? down : up)[k] - paper[k]) * share;
      image.data[4 * i + 3] = 255;
    });
    node.getContext("2d").putImageData(image, 0, 0);
    return node;
  }

  const pad = canvas(SIDE, SIDE, "Pad to draw a digit on", (pen, w, h, c) => {
    pen.lineCap = pen.lineJoin = "round";
    pen.lineWidth = 22;
    pen.strokeStyle = c.ink;
    for (const stroke of strokes) {
      pen.beginPath();
      stroke.forEach(([x, y]) => pen.lineTo(x * w, y * h));
      if (stroke.length === 1) pen.lineTo(stroke[0][0] * w + 0.1, stroke[0][1] * h);
      pen.stroke();
    }
    if (!strokes.length) {
      pen.fillStyle = c.soft;
      pen.textAlign = "center";
      pen.fillText("draw here", w / 2, h / 2 - 14);
    }
    if (document.activeElement === pad) {
      pen.strokeStyle = penDown ? c.vermillion : c.soft;
      pen.lineWidth = 2;
      pen.beginPath();
      pen.arc(cursor[0] * w, cursor[1] * h, 8, 0, 7);
      pen.stroke();
    }
  });

  const rows = Object.entries(about.names).map(([id, name]) => {
    const answer = el("p", { class: "answer", "data-net": id }, "–");
    const second = el("p", {}, "");
    const fooled = el("p", {}, "");
    let seen = null;
    const dense = networks[id].layers[0].kind === "Dense";
    const inside = canvas(170, dense ? 220 : 200, `What lights up in the ${name}`, (pen, w, h, c) => {
      if (!seen) return;
      pen.imageSmoothingEnabled = false;
      pen.fillStyle = c.soft;
      if (dense) { // its hidden layers, 64 neurons each, and what the strongest looks for
        const hidden = seen.filter((s) => s.kind === "Dense").slice(0, -1);
        hidden.forEach((layer, k) => pen.drawImage(patch(layer.values, 8, c), k * 58, 20, 52, 52));
        pen.fillText(hidden.length > 1 ? `${hidden.length} hidden layers` : "64 hidden neurons", 0, 13);
        const strongest = winner([...hidden[0].values]);
        const [kernel] = networks[id].layers[0].weights;
        const looks = Array.from({ length: 784 }, (_, i) => kernel[i * kernel.shape[1] + strongest]);
        pen.fillText(`neuron ${strongest + 1} looks for`, 0, 93);
        pen.drawImage(patch(looks, 28, c), 0, 100, 112, 112);
      } else { // sixteen maps of the first convolution
        const { values, shape: [rows, columns, n] } = seen[0];
        pen.fillText("maps of the first kernels", 0, 13);
        for (let k = 0; k < 16; k++) {
          const map = Array.from({ length: rows * columns }, (_, i) => values[i * n + k]);
          pen.drawImage(patch(map, columns, c), (k % 4) * 42, 20 + Math.floor(k / 4) * 42, 40, 40);
        }
      }
    });
    return {
      id, name, fooled,
      show(image) {
        seen = image ? read(id, image) : null;
        if (seen) {
          const shares = [...seen.at(-1).values];
          const best = winner(shares);
          answer.textContent = best;
          shares[best] = -1;
          const next = winner(shares);
          second.textContent = `sure: ${(100 * seen.at(-1).values[best]).toFixed(0)} % · ` +
            `next ${next}: ${(100 * shares[next]).toFixed(0)} %`;
        } else { answer.textContent = "–"; second.textContent = " "; }
        fooled.textContent = "";
        inside.paint();
        return answer.textContent;
      },
      node: el("div", {}, el("h3", {}, name), answer, second, inside, fooled),
    };
  });

  let waiting = false;
  function show() {
    pad.paint();
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      const image = strokes.length ? pixels() : null;
      const told = rows.map((row) => `${row.name}: ${row.show(image)}`);
      say(image ? told.join(", ") : "The pad is empty.");
    });
  }

  // The least that changes a network's mind: moved, turned, or with noise.
  function fool() {
    if (!strokes.length) return;
    let seed = 1;
    const noise = () => { seed = (seed * 48271) % 2147483647; return seed / 2147483647; };
    const grains = Float32Array.from({ length: 784 }, noise);
    const told = [];
    for (const { id, name, fooled } of rows) {
      const answer = (image) => winner([...read(id, image).at(-1).values]);
      const first = answer(pixels());
      const when = (tries, image) => tries.find((t) => answer(image(t)) !== first);
      const moved = when([1, 2, 3, 4, 5, 6, 7, 8], (t) => pixels([t, 0]));
      const turned = when([10, 20, 30, 40, 50, 60, 70, 80, 90], (t) => pixels([0, 0], (t * Math.PI) / 180));
      const rough = when([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1],
        (t) => pixels().map((v, i) => Math.min(1, v + t * grains[i])));
      fooled.textContent = "Changes its mind when " +
        (moved ? `moved right by ${moved} pixels, ` : "moved by more than 8 pixels, ") +
        (turned ? `turned by ${turned}°, ` : "not when turned by 90°, ") +
        (rough ? `with ${100 * rough} % of noise.` : "not by noise.");
      told.push(`${name}: ${fooled.textContent}`);
    }
    say(told.join(" "));
  }

  function begin() {
    if (shownFirst) strokes = [];
    shownFirst = false;
    examples.set("");
  }
  function clear() { strokes = []; penDown = false; show(); }
  drag(pad, (x, y, what) => {
    const point = [x / SIDE, y / SIDE].map((v) => Math.min(1, Math.max(0, v)));
    if (what === "down") { begin(); strokes.push([point]); }
    else if (what === "move") strokes.at(-1).push(point);
    show();
  });
  keys(pad, (dx, dy) => {
    cursor[0] = Math.min(0.95, Math.max(0.05, cursor[0] + dx * 0.05));
    cursor[1] = Math.min(0.95, Math.max(0.05, cursor[1] + dy * 0.05));
    if (penDown) strokes.at(-1).push([...cursor]);
    show();
  }, {
    " ": () => { penDown = !penDown; begin(); if (penDown) strokes.push([[...cursor]]); say(penDown ? "Pen down." : "Pen up."); show(); },
    Delete: clear, Backspace: clear,
  });
  pad.addEventListener("focus", () => pad.paint());
  pad.addEventListener("blur", () => pad.paint());

  const examples = choice("an example",
    { "": "none", ...Object.fromEntries([..."0123456789"].map((d) => [d, d])) }, "3",
    (d) => { strokes = d === "" ? [] : example(d); shownFirst = true; show(); });
  stage.append(el("div", { class: "columns" },
    el("div", {}, pad,
      el("div", { class: "row" }, button("Clear", clear), button("What fools them?", fool),
        examples),
      el("p", { class: "hint" }, "Draw over the example. By keys: the arrows move the pen, Space lowers and lifts it, Delete clears. Blue lights up; vermillion weights speak against.")),
    el("div", { class: "nets" }, rows.map((row) => row.node))));
  show();
});
