// Balance the pole: by hand, by the trained agent, or both at once; with its Q-values.
"use strict";

Live.register("pole", async (stage, say) => {
  const { bars, button, canvas, choice, el, keys, loop } = Live;
  const { networks } = await Forward.load("pole");
  const episodes = Object.keys(networks).map(Number).sort((a, b) => a - b);
  const W = 560, H = 230, STEP = 0.02, LIMIT = 200;
  const FALLS = { x: 2.4, angle: (12 * Math.PI) / 180 };
  let agent;
  let mode = "hand"; // hand, agent, fight
  let state, steps, best = 0, force = 0, over, wait = 0, slow = 1, seed = 1;
  const held = { left: false, right: false };

  const rng = () => { seed = (seed * 48271) % 2147483647; return seed / 2147483647; };
  const q = () => agent.output(Float32Array.from(state));

  // Gymnasium's CartPole: cart 1 kg, pole 0.1 kg, half its length 0.5 m, 10 N a push.
  function push(side) {
    let [x, v, angle, spin] = state;
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    const pull = (10 * side + 0.05 * spin * spin * sin) / 1.1;
    const turn = (9.8 * sin - cos * pull) / (0.5 * (4 / 3 - (0.1 * cos * cos) / 1.1));
    const speed = pull - (0.05 * turn * cos) / 1.1;
    state = [x + STEP * v, v + STEP * speed, angle + STEP * spin, spin + STEP * turn];
  }

  // Mean steps of an agent in three games of its own.
  function trial(network) {
    let sum = 0;
    for (let game = 0; game < 3; game++) {
      state = start4();
      for (let k = 0; k < LIMIT && !fallen(); k++, sum++) {
        const [left, right] = network.output(Float32Array.from(state));
        push(right >= left ? 1 : -1);
      }
    }
    return Math.round(sum / 3);
  }

  const start4 = () => [0, 0, 0, 0].map(() => 0.1 * rng() - 0.05);
  const fallen = () => Math.abs(state[0]) > FALLS.x || Math.abs(state[2]) > FALLS.angle;

  function reset() {
    state = start4();
    steps = 0;
    over = "";
    force = 0;
    show();
  }

  const scene = canvas(W, H, "A cart with a pole on it", (pen, w, h, c) => {
    const scale = w / 5.2;
    const ground = h - 40;
    const x = w / 2 + state[0] * scale;
    pen.strokeStyle = c.soft;
    pen.lineWidth = 1;
    pen.beginPath();
    pen.moveTo(w / 2 - 2.4 * scale, ground); pen.lineTo(w / 2 + 2.4 * scale, ground);
    for (const end of [-2.4, 2.4]) { pen.moveTo(w / 2 + end * scale, ground - 8); pen.lineTo(w / 2 + end * scale, ground + 8); }
    pen.stroke();
    pen.fillStyle = c.ink;
    pen.fillRect(x - 32, ground - 26, 64, 26);
    pen.strokeStyle = c.orange;
    pen.lineWidth = 8;
    pen.lineCap = "round";
    pen.beginPath();
    pen.moveTo(x, ground - 26);
    pen.lineTo(x + Math.sin(state[2]) * 125, ground - 26 - Math.cos(state[2]) * 125);
    pen.stroke();
    pen.fillStyle = c.blue;
    if (force) {
      const from = x + 40 * force, to = x + 78 * force;
      pen.beginPath();
      pen.moveTo(to, ground - 13); pen.lineTo(from, ground - 24); pen.lineTo(from, ground - 2);
      pen.fill();
    }
    pen.fillStyle = c.ink;
    pen.fillText(over || `step ${steps}`, 10, 20);
    pen.textAlign = "right";
    pen.fillText(`leans by ${Live.number((state[2] * 180) / Math.PI, 1)}° (falls at 12°)`, w - 10, 20);
  }, { tabindex: 0 });
  const worth = el("div", {});
  const told = el("p", { class: "sum" });

  function show() {
    const [left, right] = q();
    const share = (v) => (v + 12) / 34; // Q-values lie between −10 and 20
    worth.replaceChildren(bars([
      ["push left", share(left), left > right ? "green" : "blue", Live.number(left)],
      ["push right", share(right), right >= left ? "green" : "blue", Live.number(right)]]));
    told.textContent = `${over || `Step ${steps}`} · longest so far ${best} · the agent would push ${left > right ? "left" : "right"}`;
    stage.dataset.steps = steps;
    stage.dataset.over = over;
    scene.paint();
  }

  function turn() {
    const [left, right] = q();
    const wish = right >= left ? 1 : -1;
    const hand = held.right ? 1 : held.left ? -1 : 0;
    if (mode === "agent") force = wish;
    else if (mode === "fight") force = hand || wish; // the hand is stronger
    else force = hand || force || 1;
    push(force);
    steps += 1;
    if (fallen() || steps >= LIMIT) {
      best = Math.max(best, steps);
      over = fallen() ? `Down after ${steps} steps` : `All ${LIMIT} steps`;
      stop();
      say(`${over}.`);
    } else if (steps % 50 === 0) say(`Step ${steps}.`);
    show();
  }

  const film = loop(() => {
    wait += 1;
    if (wait >= slow) { wait = 0; turn(); }
  });
  const go = button("Start", () => (film.running ? stop() : start()));
  function start() {
    if (over) reset();
    film.start();
    go.textContent = "Pause";
    scene.focus({ preventScroll: true });
  }
  function stop() { film.stop(); go.textContent = "Start"; }

  // In Cart-Pole every step is a push: by hand the last one goes on until the other key.
  keys(scene, (dx) => { if (dx) { held.right = dx > 0; held.left = dx < 0; if (mode === "hand") force = dx; } }, { " ": () => go.click(), Enter: () => go.click() });
  scene.addEventListener("keyup", () => { held.left = held.right = false; });
  scene.addEventListener("blur", () => { held.left = held.right = false; });
  const touch = (label, side) => {
    const one = button(label, () => { if (mode === "hand") force = side; });
    one.addEventListener("pointerdown", () => { held.right = side > 0; held.left = side < 0; if (mode === "hand") force = side; });
    for (const end of ["pointerup", "pointerleave", "pointercancel"]) one.addEventListener(end, () => { held.left = held.right = false; });
    return one;
  };

  const lasts = Object.fromEntries(episodes.map((e) => [e, trial(networks[e])]));
  const chosen = episodes.findLast((e) => lasts[e] === Math.max(...Object.values(lasts)));
  agent = networks[chosen];
  stage.append(scene,
    el("div", { class: "row" }, go, button("New game", () => { stop(); reset(); }), touch("◀ push", -1), touch("push ▶", 1)),
    told, worth,
    el("div", { class: "row" },
      choice("who pushes", { hand: "you", agent: "the agent", fight: "both: your keys win" }, mode, (v) => { mode = v; stop(); reset(); }),
      choice("the agent after", Object.fromEntries(episodes.map((e) => [e, `${e} episodes (${lasts[e]} steps)`])), chosen, (v) => { agent = networks[v]; show(); }),
      choice("pace", { 1: "real time", 3: "a third", 8: "slow" }, 1, (v) => { slow = Number(v); })),
    el("p", { class: "hint" }, "In brackets: how long each agent holds it, mean of three games; training longer did not always help. Arrow keys push, Space starts and pauses; every step is a push, so by hand the last one goes on. The two bars are the agent’s Q-values: how many points it expects after either push. More than 20 there can’t be: what is above is its optimism."));
  reset();
  say("A pole stands on a cart. Press Start.");
});
