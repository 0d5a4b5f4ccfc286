// The playground: a small network learns to tell two kinds of points apart.
"use strict";

Live.register("playground", (stage, say) => {
  const { button, canvas, choice, drag, el, keys, loop, number, slider } = Live;
  const SIDE = 380, REACH = 6, GRID = 24, CELL = 38;
  let state = Playground.fromAddress(location.hash);
  let network, optimizer, learn, test, epochs, costs;
  let kind = 1;
  const cursor = [0, 0];

  const split = (points) => [points.map((p) => p.slice(0, 2)), points.map((p) => [p[2]])];
  const cost = (points) => (points.length ? Core.meanLoss(network, "squared", ...split(points)) : NaN);

  function rebuild() {
    const sizes = [2, ...state.hidden, 1];
    network = new Core.Network(sizes, [...state.hidden.map(() => state.activation), "tanh"], state.seed);
    optimizer = new Core.Optimizer(state.optimizer, state.rate);
    ({ learn, test } = Playground.points(state));
    epochs = 0;
    costs = [];
    const address = Playground.toAddress(state);
    try { history.replaceState(null, "", address); } catch { location.hash = address; }
    show();
  }

  function train() {
    if (!learn.length) return;
    Core.epoch(network, "squared", ...split(learn), optimizer, state.batch);
    epochs += 1;
    if (epochs < 50 || epochs % 5 === 0) costs.push([epochs, cost(learn), cost(test)]);
  }

  // What every neuron says all over the plane: by layer, a map for each.
  function maps() {
    const found = network.sizes.map((n) => Array.from({ length: n }, () => new Float64Array(GRID * GRID)));
    for (let i = 0; i < GRID * GRID; i++) {
      const x = ((i % GRID) + 0.5) * (2 * REACH / GRID) - REACH;
      const y = REACH - (Math.floor(i / GRID) + 0.5) * (2 * REACH / GRID);
      network.pass([x, y]).forEach((said, l) => said.forEach((v, j) => { found[l][j][i] = v; }));
    }
    return found;
  }

  const rgb = (colour) => [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16));

  function painted(map, c, top) {
    const image = new ImageData(GRID, GRID);
    const [warm, cool, paper] = [rgb(c.orange), rgb(c.blue), rgb(c.paper)];
    map.forEach((v, i) => {
      const share = Math.min(1, Math.abs(v) / top);
      const colour = v < 0 ? warm : cool;
      for (let k = 0; k < 3; k++) image.data[4 * i + k] = paper[k] + (colour[k] - paper[k]) * share * 0.85;
      image.data[4 * i + 3] = 255;
    });
    const node = Object.assign(document.createElement("canvas"), { width: GRID, height: GRID });
    node.getContext("2d").putImageData(image, 0, 0);
    return node;
  }

  const pixel = ([x, y]) => [((x + REACH) / (2 * REACH)) * SIDE, ((REACH - y) / (2 * REACH)) * SIDE];
  const plane = canvas(SIDE, SIDE, "The plane: points of two kinds and what the network says everywhere", (pen, w, h, c) => {
    pen.drawImage(painted(maps().at(-1)[0], c, 1), 0, 0, w, h);
    const dot = ([x, y, label], size) => {
      const [px, py] = pixel([x, y]);
      pen.fillStyle = label > 0 ? c.blue : c.orange;
      pen.strokeStyle = c.paper;
      pen.lineWidth = 1;
      pen.beginPath();
      if (label > 0) pen.arc(px, py, size, 0, 7);
      else pen.rect(px - size, py - size, 2 * size, 2 * size);
      pen.fill();
      pen.stroke();
    };
    for (const p of learn) dot(p, 4.5);
    pen.strokeStyle = c.ink;
    if (state.data === "own") {
      const [x, y] = pixel(cursor);
      pen.beginPath();
      pen.moveTo(x - 8, y); pen.lineTo(x + 8, y); pen.moveTo(x, y - 8); pen.lineTo(x, y + 8);
      pen.stroke();
    }
  }, { tabindex: 0 });

  const net = canvas(460, 340, "The network: every neuron with its own map of the plane", (pen, w, h, c) => {
    const found = maps();
    const columns = network.sizes.length;
    const x = (l) => 4 + (l * (w - CELL - 8)) / (columns - 1);
    const y = (l, j) => h / 2 + (j - (network.sizes[l] - 1) / 2) * (CELL + 3) - CELL / 2;
    network.layers.forEach(({ weights, n, m }, l) => {
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < m; j++) {
          const v = weights[i * m + j];
          pen.strokeStyle = v < 0 ? c.orange : c.blue;
          pen.lineWidth = Math.min(6, 0.3 + Math.abs(v));
          if (v < 0) pen.setLineDash([4, 3]);
          pen.beginPath();
          pen.moveTo(x(l) + CELL, y(l, i) + CELL / 2);
          pen.lineTo(x(l + 1), y(l + 1, j) + CELL / 2);
          pen.stroke();
          pen.setLineDash([]);
        }
      }
    });
    found.forEach((layer, l) => layer.forEach((map, j) => {
      const top = l === 0 ? REACH : Math.max(1, ...map.map(Math.abs));
      pen.drawImage(painted(map, c, top), x(l), y(l, j), CELL, CELL);
      pen.strokeStyle = c.soft;
      pen.lineWidth = 1;
      pen.strokeRect(x(l), y(l, j), CELL, CELL);
    }));
    pen.fillStyle = c.ink;
    pen.fillText("x₁, x₂", 4, h / 2 - CELL - 8);
  });

  const curve = canvas(380, 110, "The loss by epoch", (pen, w, h, c) => {
    const top = Math.max(1, ...costs.map((row) => row[1]));
    const x = (e) => 4 + (e / Math.max(1, epochs)) * (w - 90);
    const y = (v) => h - 8 - (Math.min(v, top) / top) * (h - 24);
    pen.strokeStyle = c.line;
    pen.lineWidth = 1;
    pen.beginPath();
    pen.moveTo(4, y(0.05)); pen.lineTo(w - 86, y(0.05));
    pen.stroke();
    pen.fillStyle = c.soft;
    if (!costs.length) pen.fillText("loss 0.05", w - 80, y(0.05) + 4);
    [["blue", 1, "learned"], ["vermillion", 2, "test"]].forEach(([colour, k, words]) => {
      if (!costs.length || Number.isNaN(costs.at(-1)[k])) return;
      pen.strokeStyle = pen.fillStyle = c[colour];
      pen.lineWidth = 2;
      if (k === 2) pen.setLineDash([5, 3]);
      pen.beginPath();
      for (const row of costs) pen.lineTo(x(row[0]), y(row[k]));
      pen.stroke();
      pen.setLineDash([]);
      const apart = y(costs.at(-1)[1]) - y(costs.at(-1)[2]);
      const nudge = Math.abs(apart) < 16 ? (k === 2 ? -6 : 8) : 4;
      pen.fillText(words, w - 80, Math.max(12, Math.min(h - 2, y(costs.at(-1)[k]) + nudge)));
    });
  });

  const told = el("p", { class: "sum" });
  const code = el("pre", { tabindex: 0 });
  const codeFold = el("details", { toggle: () => fillCode() }, el("summary", {}, "The same as Keras code"), code,
    button("Copy", () => navigator.clipboard?.writeText(code.textContent)));

  function fillCode() {
    if (codeFold.open) code.textContent = Playground.code(state, epochs, cost(learn));
  }

  function show() {
    const [l, t] = [cost(learn), cost(test)];
    told.textContent = `epoch ${epochs} · loss ${Number.isNaN(l) ? "none yet" : l.toFixed(4)}` +
      (test.length ? ` · on the test points ${t.toFixed(4)}` : "");
    stage.dataset.loss = l;
    stage.dataset.epochs = epochs;
    for (const node of [plane, net, curve]) node.paint();
  }

  const film = loop(() => {
    const until = performance.now() + 14;
    do train(); while (performance.now() < until);
    show();
    if (epochs % 100 < 3) say(`Epoch ${epochs}, loss ${cost(learn).toFixed(3)}.`);
  });
  const go = button("Train", () => {
    if (film.running) { film.stop(); fillCode(); } else film.start();
    go.textContent = film.running ? "Pause" : "Train";
    if (!film.running) say(`Stopped after ${epochs} epochs, loss ${cost(learn).toFixed(4)}.`);
  });
  function change(values) {
    film.stop();
    go.textContent = "Train";
    state = { ...state, ...values };
    rebuild();
    fillCode();
  }

  function addPoint(label) {
    if (state.data !== "own" || state.own.length >= 300) return;
    const p = [...cursor.map((v) => Math.round(v * 100) / 100), label];
    say(`${label > 0 ? "Blue" : "Orange"} point at ${p[0]}, ${p[1]}.`);
    change({ own: [...state.own, p] });
  }
  drag(plane, (px, py, what) => {
    cursor[0] = (px / SIDE) * 2 * REACH - REACH;
    cursor[1] = REACH - (py / SIDE) * 2 * REACH;
    if (what === "down") addPoint(kind);
    plane.paint();
  });
  keys(plane, (dx, dy) => {
    cursor[0] = Math.max(-REACH, Math.min(REACH, cursor[0] + 0.25 * dx));
    cursor[1] = Math.max(-REACH, Math.min(REACH, cursor[1] - 0.25 * dy));
    say(`At ${cursor.map((v) => v.toFixed(2)).join(", ")} the network says ${number(network.output(cursor)[0])}.`);
    plane.paint();
  }, { b: () => addPoint(1), o: () => addPoint(-1) });

  const own = el("div", { class: "row" },
    choice("a click sets a point that is", { 1: "blue (round)", "-1": "orange (square)" }, 1, (v) => { kind = Number(v); }),
    button("Remove all points", () => change({ own: [] })));
  const ownShown = () => { own.hidden = state.data !== "own"; };
  const hiddenRow = el("div", { class: "row" });
  function fillHidden() {
    hiddenRow.replaceChildren(
      ...state.hidden.map((n, l) => choice(`layer ${l + 1}`, Object.fromEntries([1, 2, 3, 4, 5, 6, 7, 8].map((v) => [v, v])), n,
        (v) => change({ hidden: state.hidden.with(l, Number(v)) }))),
      button("+ layer", () => { if (state.hidden.length < 4) { change({ hidden: [...state.hidden, 4] }); fillHidden(); } }),
      button("− layer", () => { if (state.hidden.length) { change({ hidden: state.hidden.slice(0, -1) }); fillHidden(); } }));
  }

  const names = { spiral: "spiral", circles: "circles", quadrants: "quadrants", hills: "two hills", own: "own points" };
  const rules = { sgd: "plain descent", momentum: "momentum", nesterov: "Nesterov", adagrad: "AdaGrad", adadelta: "AdaDelta", rmsprop: "RMSProp", adam: "Adam" };
  fillHidden();
  ownShown();
  stage.append(
    el("div", { class: "row" }, go, button("One epoch", () => { train(); show(); fillCode(); }),
      button("Start again", () => change({})),
      button("Other weights", () => change({ seed: (state.seed % 9999) + 1 }))),
    told,
    el("div", { class: "columns" }, el("div", {}, plane, curve), el("div", {}, net)),
    el("div", { class: "row" },
      choice("points", names, state.data, (v) => { change({ data: v }); ownShown(); }),
      choice("activation", { tanh: "tanh", relu: "ReLU", sigmoid: "sigmoid", linear: "linear" }, state.activation, (v) => change({ activation: v })),
      choice("optimizer", rules, state.optimizer, (v) => change({ optimizer: v })),
      choice("learning rate", Object.fromEntries(["0.001", "0.003", "0.01", "0.03", "0.1", "0.3", "1"].map((v) => [v, v])), state.rate, (v) => change({ rate: Number(v) })),
      choice("batch", { 1: 1, 10: 10, 50: 50 }, state.batch, (v) => change({ batch: Number(v) }))),
    own, hiddenRow,
    el("div", { class: "controls" },
      slider("noise", { min: 0, max: 1, step: 0.05, value: state.noise, on: (v) => change({ noise: v }) })),
    el("p", { class: "hint" }, "Blue is positive, orange negative (dashed lines). The loss is the mean squared error, twice what the book’s playground shows. The settings stand in the address: copy it to share them."),
    codeFold);
  rebuild();
  say(`Ready to train; the loss is ${cost(learn).toFixed(2)}.`);
});
