// A GAN on a line: a generator learns where numbers lie, from a discriminator's opinion.
"use strict";

Live.register("ganline", (stage, say) => {
  const { button, canvas, el, loop, slider } = Live;
  const real = { left: -1.5, right: 1.5, width: 0.35 };
  const BINS = 60, REACH = 4, BATCH = 48;
  let rng, generator, discriminator, teach, learn, steps, rate = 0.003, turns = 3, losses;

  function reset() {
    rng = Core.random(7);
    generator = new Core.Network([1, 16, 16, 1], ["tanh", "tanh", "linear"], 3);
    discriminator = new Core.Network([1, 16, 16, 1], ["tanh", "tanh", "linear"], 4);
    teach = new Core.Optimizer("rmsprop", 0.01);
    learn = new Core.Optimizer("rmsprop", rate);
    steps = 0;
    losses = [0, 0];
    show();
  }

  const noise = () => [2 * rng() - 1];
  const sample = () => [(rng() < 0.5 ? real.left : real.right) + real.width * Core.normal(rng)];
  const made = () => [generator.output(noise())[0]];

  function step() {
    // 1. The discriminator's half-steps: real numbers 1, generated ones 0.
    for (let k = 0; k < turns; k++) {
      const xs = Array.from({ length: BATCH }, (_, i) => (i % 2 ? sample() : made()));
      losses[0] = Core.slopes(discriminator, "logistic", xs, xs.map((_, i) => [i % 2]));
      teach.step(discriminator.parameters);
    }
    // 2. The generator's: through the discriminator, which keeps its weights.
    generator.clear();
    losses[1] = 0;
    for (let k = 0; k < BATCH; k++) {
      const drawn = generator.pass(noise());
      const judged = discriminator.pass(drawn.at(-1));
      const { cost, slope } = Core.LOSSES.logistic(judged.at(-1), [1]);
      losses[1] += cost / BATCH;
      generator.back(drawn, discriminator.back(judged, slope.map((s) => s / BATCH)));
    }
    learn.step(generator.parameters);
    steps += 1;
  }

  function histogram(draw, n = 1500) {
    const counts = new Array(BINS).fill(0);
    for (let i = 0; i < n; i++) {
      const bin = Math.floor(((draw()[0] + REACH) / (2 * REACH)) * BINS);
      if (bin >= 0 && bin < BINS) counts[bin] += 1 / n;
    }
    return counts;
  }

  const picture = canvas(560, 300, "Histograms of real and of generated numbers", (pen, w, h, c) => {
    const x = (v) => ((v + REACH) / (2 * REACH)) * w;
    const base = h - 48;
    const tall = (share) => Math.min(base - 8, share * 1100);
    const bar = w / BINS;
    const keep = rng;
    rng = Core.random(99); // the picture does not change the training's draws
    const [people, machine] = [histogram(sample), histogram(made)];
    rng = keep;
    pen.fillStyle = c.blue;
    people.forEach((share, i) => pen.fillRect(i * bar, base - tall(share), bar - 1, tall(share)));
    pen.strokeStyle = c.vermillion;
    pen.beginPath();
    machine.forEach((share, i) => {
      pen.lineTo(i * bar, base - tall(share));
      pen.lineTo((i + 1) * bar, base - tall(share));
    });
    pen.stroke();
    pen.strokeStyle = c.ink;
    pen.setLineDash([5, 4]);
    pen.beginPath();
    for (let v = -REACH; v <= REACH; v += 0.05) {
      const opinion = Core.ACTIVATIONS.sigmoid.of(discriminator.output([v])[0]);
      pen.lineTo(x(v), base - opinion * (base - 8));
    }
    pen.stroke();
    pen.setLineDash([]);
    // Where noise from −1 to 1 goes.
    pen.strokeStyle = c.soft;
    pen.lineWidth = 1;
    for (let z = -1; z <= 1.001; z += 0.1) {
      pen.beginPath();
      pen.moveTo(x(z * 3), h - 2);
      pen.lineTo(x(Math.max(-REACH, Math.min(REACH, generator.output([z])[0]))), base);
      pen.stroke();
    }
  });
  const key = el("p", { class: "key" },
    el("span", { class: "blue" }, "bars: real numbers"),
    el("span", { class: "vermillion" }, "outline: generated ones"),
    el("span", {}, "dashed: the discriminator’s opinion, at the top “real for sure”"),
    el("span", { class: "soft" }, "rays: where the generator sends noise from −1 to 1"));
  const told = el("p", { class: "sum" });

  function distance() { // between the two histograms: 0 alike, 1 nothing in common
    const keep = rng;
    rng = Core.random(99);
    const [people, machine] = [histogram(sample), histogram(made)];
    rng = keep;
    return 1 - people.reduce((sum, share, i) => sum + Math.min(share, machine[i]), 0);
  }

  function show() {
    told.textContent = `step ${steps} · ` + (steps ? `loss of the discriminator ${losses[0].toFixed(2)} ` +
      `(0.69: it can’t tell) · of the generator ${losses[1].toFixed(2)} · ` : "") +
      `histograms differ by ${(100 * distance()).toFixed(0)} %`;
    stage.dataset.distance = distance().toFixed(3);
    picture.paint();
  }

  const film = loop(() => {
    for (let k = 0; k < 5; k++) step();
    show();
    if (steps % 200 === 0) say(`Step ${steps}: the histograms differ by ${(100 * distance()).toFixed(0)} per cent.`);
  });
  const go = button("Train", () => {
    if (film.running) film.stop(); else film.start();
    go.textContent = film.running ? "Pause" : "Train";
  });
  const of = (key) => (v) => { real[key] = v; show(); };
  stage.append(key, picture, told,
    el("div", { class: "controls" },
      el("div", { class: "row" }, go, button("One step", () => { step(); show(); }),
        button("Start again", reset)),
      slider("left hill at", { min: -3, max: 3, step: 0.1, value: real.left, on: of("left") }),
      slider("right hill at", { min: -3, max: 3, step: 0.1, value: real.right, on: of("right") }),
      slider("width", { min: 0.1, max: 1, step: 0.05, value: real.width, on: of("width") }),
      slider("lessons a step", { min: 1, max: 5, step: 1, value: turns, of: String,
        on: (v) => { turns = v; } }),
      slider("generator’s rate", { min: 0.001, max: 0.03, step: 0.001, value: rate,
        of: (v) => v.toFixed(3), on: (v) => { rate = v; learn.rate = v; } })),
    el("p", { class: "hint" }, "Lessons are the discriminator’s half-steps for each one of the generator’s. Give it one lesson, or the generator a large rate, and see the two lose one another."));
  reset();
  say(`Ready to train; the histograms differ by ${(100 * distance()).toFixed(0)} per cent.`);
});
