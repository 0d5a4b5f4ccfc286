// Gradient descent: seven optimizers run down a landscape that a reader bends.
"use strict";

Live.register("descent", (stage, say) => {
  const { button, canvas, choice, drag, el, keys, loop, number, slider } = Live;
  const SIDE = 420, REACH = 4; // pixels, and how far the map goes from the middle
  const WORDS = {
    sgd: "plain descent", momentum: "momentum", nesterov: "Nesterov", adagrad: "AdaGrad",
    adadelta: "AdaDelta", rmsprop: "RMSProp", adam: "Adam",
  };
  const COLOURS = ["soft", "blue", "sky", "orange", "purple", "vermillion", "green"];
  const land = { narrow: 8, tilt: 20, bumps: [] };
  const cursor = [0, 0];
  let from = [-3, 2.2];
  let runners = [];
  let scale = 1;
  let mode = "start";
  let ground = null; // the painted map, until the landscape changes

  // Height and slope at a place: a tilted bowl, and hills and holes on it.
  function height(x, y) {
    const a = (land.tilt * Math.PI) / 180;
    const [c, s] = [Math.cos(a), Math.sin(a)];
    const [u, v] = [c * x - s * y, s * x + c * y];
    let f = (u * u + land.narrow * v * v) / 8;
    const slope = [(c * u + s * land.narrow * v) / 4, (-s * u + c * land.narrow * v) / 4];
    for (const { at, size } of land.bumps) {
      const [dx, dy] = [x - at[0], y - at[1]];
      const bump = size * Math.exp(-(dx * dx + dy * dy) / 0.8);
      f += bump;
      slope[0] -= (2.5 * dx) * bump;
      slope[1] -= (2.5 * dy) * bump;
    }
    return { f, slope };
  }

  const pixel = ([x, y]) => [((x + REACH) / (2 * REACH)) * SIDE, ((REACH - y) / (2 * REACH)) * SIDE];
  const place = (px, py) => [(px / SIDE) * 2 * REACH - REACH, REACH - (py / SIDE) * 2 * REACH];

  // Rings of equal height, darker where it is low.
  function paintGround() {
    const n = 140;
    ground = Object.assign(document.createElement("canvas"), { width: n, height: n });
    const pen = ground.getContext("2d");
    const image = pen.createImageData(n, n);
    const dark = document.documentElement.dataset.theme === "dark";
    for (let i = 0; i < n * n; i++) {
      const [x, y] = place(((i % n) + 0.5) * (SIDE / n), (Math.floor(i / n) + 0.5) * (SIDE / n));
      const level = Math.min(11, Math.floor(Math.sqrt(Math.max(0, height(x, y).f + 1.6)) * 3.5));
      const grey = (dark ? 20 + 9 * level : 150 + 10 * level) + (level % 2 ? 7 : 0);
      image.data.set([grey, grey, grey + (dark ? 8 : -6), 255].map((v) => Math.min(255, v)), 4 * i);
    }
    pen.putImageData(image, 0, 0);
  }

  const map = canvas(SIDE, SIDE, "The landscape from above, with the paths of seven optimizers",
    (pen, w, h, c) => {
      paintGround();
      pen.imageSmoothingEnabled = true;
      pen.drawImage(ground, 0, 0, w, h);
      runners.forEach((runner, i) => {
        if (!runner.shown) return;
        pen.strokeStyle = pen.fillStyle = c[COLOURS[i]];
        pen.beginPath();
        for (const point of runner.path) pen.lineTo(...pixel(point));
        pen.stroke();
        const [x, y] = pixel(runner.path.at(-1));
        pen.beginPath();
        pen.arc(x, y, 9, 0, 7);
        pen.fill();
        pen.fillStyle = c.paper;
        pen.textAlign = "center";
        pen.fillText(String(i + 1), x, y + 5);
      });
      pen.strokeStyle = c.ink;
      const [x, y] = pixel(cursor);
      pen.lineWidth = 1.5;
      pen.beginPath();
      pen.moveTo(x - 7, y); pen.lineTo(x + 7, y); pen.moveTo(x, y - 7); pen.lineTo(x, y + 7);
      pen.stroke();
    }, { tabindex: 0 });

  const table = el("table", { class: "race" });

  function reset() {
    runners = Object.keys(WORDS).map((name, i) => ({
      name, shown: runners[i]?.shown ?? true, path: [from],
      values: Float64Array.from(from), slope: new Float64Array(2),
      optimizer: new Core.Optimizer(name, Core.RULES[name].rate * scale),
    }));
    tell();
    map.paint();
  }

  function step() {
    for (const runner of runners) {
      const { slope } = height(...runner.values);
      runner.slope.set(slope);
      runner.optimizer.step([[runner.values, runner.slope]]);
      for (let i = 0; i < 2; i++) runner.values[i] = Math.max(-9, Math.min(9, runner.values[i]));
      runner.path.push([...runner.values]);
    }
  }

  function tell() {
    const rows = runners.map((runner, i) => {
      const { f } = height(...runner.values);
      const box = el("input", {
        type: "checkbox", "aria-label": `show ${WORDS[runner.name]}`,
        change: (event) => { runner.shown = event.target.checked; map.paint(); },
      });
      box.checked = runner.shown;
      return el("tr", {}, el("td", {}, box),
        el("td", {}, el("b", { class: `dot ${COLOURS[i]}` }, String(i + 1))),
        el("th", { scope: "row" }, WORDS[runner.name]),
        el("td", {}, runner.optimizer.rate.toPrecision(2)),
        el("td", {}, number(f, 3)));
    });
    table.replaceChildren(el("caption", {}, `after ${runners[0].path.length - 1} steps`),
      el("tr", {}, ...["", "", "optimizer", "rate", "height"].map((t) => el(t ? "th" : "td", {}, t))), ...rows);
  }

  const race = loop(() => {
    step();
    tell();
    map.paint();
    if (runners[0].path.length > 400) stop();
  });
  const go = button("Race", () => (race.running ? stop() : start()));
  function start() {
    if (runners[0].path.length > 400) reset();
    race.start();
    go.textContent = "Pause";
  }
  function stop() {
    race.stop();
    go.textContent = "Race";
    const best = [...runners].sort((a, b) => height(...a.values).f - height(...b.values).f)[0];
    say(`After ${runners[0].path.length - 1} steps ${WORDS[best.name]} is lowest.`);
  }

  function use() {
    if (mode === "start") from = [...cursor];
    else land.bumps.push({ at: [...cursor], size: mode === "hill" ? 1.5 : -1.5 });
    say(mode === "start" ? "They start here now." : `A ${mode} is here now.`);
    reset();
  }
  drag(map, (px, py, what) => {
    [cursor[0], cursor[1]] = place(px, py);
    if (what === "up" || mode === "start") use();
    map.paint();
  });
  keys(map, (dx, dy) => {
    cursor[0] = Math.max(-REACH, Math.min(REACH, cursor[0] + 0.2 * dx));
    cursor[1] = Math.max(-REACH, Math.min(REACH, cursor[1] - 0.2 * dy));
    say(`Cross at ${cursor.map((v) => number(v, 1)).join(", ")}, height ${number(height(...cursor).f)}.`);
    map.paint();
  }, { Enter: use });

  stage.append(el("div", { class: "columns" },
    el("div", {}, map,
      el("p", { class: "hint" }, "Click or drag on the map; or move its cross with the arrow keys and press Enter.")),
    el("div", { class: "controls" },
      el("div", { class: "row" }, go,
        button("One step", () => { step(); tell(); map.paint(); }),
        button("Back to the start", () => { stop(); reset(); }),
        button("Flatten", () => { land.bumps = []; reset(); })),
      choice("a click on the map", { start: "starts them there", hill: "raises a hill", hole: "digs a hole" },
        mode, (v) => { mode = v; }),
      slider("narrow ravine", { min: 1, max: 40, step: 1, value: land.narrow, of: (v) => `× ${v}`, on: (v) => { land.narrow = v; reset(); } }),
      slider("turned by", { min: 0, max: 90, step: 5, value: land.tilt, of: (v) => `${v}°`, on: (v) => { land.tilt = v; reset(); } }),
      slider("learning rates", { min: -2, max: 2, step: 0.1, value: 0, of: (v) => `× ${(10 ** v).toPrecision(2)}`, on: (v) => { scale = 10 ** v; reset(); } }),
      table)));
  reset();
  say("Seven optimizers stand ready at the edge of a ravine.");
});
