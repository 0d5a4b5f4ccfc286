// A neuron with sliders: a weighted sum, a bias, an activation, and one step of learning.
"use strict";

Live.register("neuron", (stage, say) => {
  const { button, canvas, choice, el, number: n, slider } = Live;
  const network = new Core.Network([2, 1], ["sigmoid"]);
  const layer = network.layers[0];
  const input = [1, 0.5];
  let wanted = 1;
  layer.weights.set([1.5, -2]);
  layer.biases[0] = 0.3;

  const NAMES = { sigmoid: "sigmoid", tanh: "tanh", relu: "ReLU", linear: "none (linear)" };
  const LOOKS = { sigmoid: [-0.1, 1.1], tanh: [-1.2, 1.2], relu: [-0.5, 6], linear: [-6, 6] };
  const sum = el("p", { class: "sum" });
  const sumOf = () => input[0] * layer.weights[0] + input[1] * layer.weights[1] + layer.biases[0];

  const curve = canvas(420, 260, "The activation's curve with the neuron on it", (pen, w, h, c) => {
    const [low, high] = LOOKS[layer.activation];
    const x = (z) => 20 + ((z + 8) / 16) * (w - 40);
    const y = (a) => h - 30 - ((a - low) / (high - low)) * (h - 60);
    const { of } = Core.ACTIVATIONS[layer.activation];
    pen.strokeStyle = c.line;
    pen.beginPath();
    pen.moveTo(x(-8), y(0)); pen.lineTo(x(8), y(0));
    pen.moveTo(x(0), y(low)); pen.lineTo(x(0), y(high));
    pen.stroke();
    pen.strokeStyle = c.blue;
    pen.beginPath();
    for (let z = -8; z <= 8; z += 0.1) pen.lineTo(x(z), y(Math.min(high, Math.max(low, of(z)))));
    pen.stroke();
    const z = Math.max(-8, Math.min(8, sumOf()));
    const a = of(z);
    pen.setLineDash([4, 4]);
    pen.strokeStyle = c.soft;
    pen.beginPath();
    pen.moveTo(x(z), y(low)); pen.lineTo(x(z), y(a));
    pen.stroke();
    pen.setLineDash([]);
    pen.fillStyle = c.vermillion;
    pen.beginPath();
    pen.arc(x(z), y(Math.min(high, a)), 7, 0, 7);
    pen.fill();
    pen.fillStyle = c.ink;
    pen.textAlign = "right";
    pen.fillText("z, the weighted sum", w - 20, h - 8);
    pen.textAlign = "left";
    pen.fillText("a, what it passes on", x(0) + 6, 20);
  });

  function show() {
    const z = sumOf();
    const a = network.output(input)[0];
    sum.textContent = `z = ${n(layer.weights[0])} · ${n(input[0])} + ${n(layer.weights[1])} · ` +
      `${n(input[1])} + ${n(layer.biases[0])} = ${n(z)};  a = ${n(a)}; ` +
      `squared error ${((a - wanted) ** 2).toFixed(3)}`;
    say(`The sum is ${n(z)}, the neuron passes on ${n(a)}.`);
    curve.paint();
  }

  const parts = [
    ["input x₁", input, 0, -3], ["weight w₁", layer.weights, 0, -4],
    ["input x₂", input, 1, -3], ["weight w₂", layer.weights, 1, -4],
    ["bias b", layer.biases, 0, -4],
  ].map(([label, values, i, min]) => {
    const row = slider(label, {
      min, max: -min, step: 0.01, value: values[i],
      on: (v) => { values[i] = v; show(); },
    });
    row.refresh = () => row.set(values[i]);
    return row;
  });
  const goal = slider("what it should pass on", {
    min: -1, max: 1, step: 0.01, value: wanted, on: (v) => { wanted = v; show(); },
  });
  const learn = button("One step of learning", () => {
    Core.slopes(network, "squared", [input], [[wanted]]);
    new Core.Optimizer("sgd", 0.5).step(network.parameters);
    parts.forEach((row) => row.refresh());
    show();
  });
  const kind = choice("activation", NAMES, "sigmoid", (name) => { layer.activation = name; show(); });
  stage.append(el("div", { class: "columns" },
    el("div", { class: "controls" }, ...parts, kind, goal, learn),
    el("div", {}, curve, sum)));
  show();
});
