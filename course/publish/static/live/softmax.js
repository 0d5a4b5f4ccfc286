// Softmax: three sums become three shares; what cross-entropy would change.
"use strict";

Live.register("softmax", (stage, say) => {
  const { bars, choice, el, slider } = Live;
  const names = ["hot dog", "burger", "pizza"];
  const z = [1.5, 0.5, -1];
  let heat = 1;
  let truth = 0;
  const shown = el("div", {});
  const cost = el("p", { class: "sum" });

  function show() {
    const p = Core.softmax(z.map((v) => v / heat));
    const y = names.map((_, i) => (i === truth ? 1 : 0));
    const loss = Core.LOSSES.softmax(z.map((v) => v / heat), y);
    shown.replaceChildren(bars(names.map((name, i) =>
      [name, p[i], i === truth ? "green" : "blue", `${(100 * p[i]).toFixed(1)} %`])));
    const push = loss.slope.map((s) => -s / heat);
    const words = names.map((name, i) =>
      `${name} ${push[i] > 0 ? "up" : "down"} by ${Math.abs(push[i]).toFixed(2)}`);
    cost.textContent = `Cross-entropy ${loss.cost.toFixed(3)}. ` +
      `A step of learning moves the sums: ${words.join(", ")} times the rate.`;
    say(names.map((name, i) => `${name} ${(100 * p[i]).toFixed(0)} per cent`).join(", "));
  }

  const rows = names.map((name, i) => slider(`z of ${name}`, {
    min: -5, max: 5, step: 0.1, value: z[i], on: (v) => { z[i] = v; show(); },
  }));
  const warm = slider("temperature", {
    min: 0.1, max: 5, step: 0.1, value: 1, on: (v) => { heat = v; show(); },
  });
  const right = choice("the picture shows a", Object.fromEntries(names.entries()), 0,
    (v) => { truth = Number(v); show(); });
  stage.append(el("div", { class: "columns" },
    el("div", { class: "controls" }, ...rows, warm, right), el("div", {}, shown, cost)));
  show();
});
