// The playground's points: each kind is one function of (number, noise, random numbers).
"use strict";

(() => {
  const near = (v, noise, rng) => v + noise * Core.normal(rng);

  const KINDS = {
    spiral(n, noise, rng) {
      return Array.from({ length: n }, (_, i) => {
        const way = Math.floor(i / 2) / Math.ceil(n / 2);
        const angle = 3.5 * Math.PI * way + (i % 2 ? Math.PI : 0);
        return [near(5 * way * Math.sin(angle), noise, rng), near(5 * way * Math.cos(angle), noise, rng), i % 2 ? -1 : 1];
      });
    },
    circles(n, noise, rng) {
      return Array.from({ length: n }, (_, i) => {
        const radius = i % 2 ? 3.5 + 1.5 * rng() : 2.2 * rng();
        const angle = 2 * Math.PI * rng();
        return [near(radius * Math.sin(angle), noise, rng), near(radius * Math.cos(angle), noise, rng), i % 2 ? -1 : 1];
      });
    },
    quadrants(n, noise, rng) {
      return Array.from({ length: n }, () => {
        const [x, y] = [10 * rng() - 5, 10 * rng() - 5];
        return [near(x, noise, rng), near(y, noise, rng), x * y > 0 ? 1 : -1];
      });
    },
    hills(n, noise, rng) {
      return Array.from({ length: n }, (_, i) => {
        const label = i % 2 ? -1 : 1;
        return [near(2 * label + Core.normal(rng), noise, rng), near(2 * label + Core.normal(rng), noise, rng), label];
      });
    },
  };

  const short = (v) => Math.round(v * 1000) / 1000; // as they are printed

  // 200 points to learn from and 100 to test with; own points are all learned from.
  function points({ data, noise, seed, own }) {
    if (data === "own") return { learn: own, test: [] };
    const rng = Core.random(1000 + seed);
    const all = KINDS[data](300, noise, rng).map((p) => p.map(short));
    const order = Core.shuffled(all, rng);
    return { learn: order.slice(0, 200), test: order.slice(200) };
  }

  // The state in the address, and back; what is missing or wrong is as at first.
  const FIRST = {
    data: "spiral", noise: 0, seed: 1, hidden: [8, 8], activation: "tanh",
    optimizer: "adam", rate: 0.03, batch: 10, own: [],
  };
  const ACTIVATIONS = ["tanh", "relu", "sigmoid", "linear"];

  function toAddress(state) {
    const { hidden, own, ...rest } = state;
    const found = new URLSearchParams({ ...rest, hidden: hidden.join("-") });
    if (state.data === "own") found.set("own", own.map((p) => p.join("_")).join("~"));
    return `#playground:${found}`;
  }

  function fromAddress(hash) {
    const state = { ...FIRST, hidden: [...FIRST.hidden], own: [] };
    if (!hash.startsWith("#playground:")) return state;
    const found = new URLSearchParams(hash.slice("#playground:".length));
    const number = (name, low, high) => {
      const v = Number(found.get(name));
      if (found.has(name) && Number.isFinite(v)) state[name] = Math.min(high, Math.max(low, v));
    };
    number("noise", 0, 1);
    number("seed", 1, 9999);
    number("rate", 0.0001, 3);
    number("batch", 1, 50);
    state.seed = Math.round(state.seed);
    state.batch = Math.round(state.batch);
    const oneOf = (name, allowed) => {
      if (allowed.includes(found.get(name))) state[name] = found.get(name);
    };
    oneOf("data", [...Object.keys(KINDS), "own"]);
    oneOf("activation", ACTIVATIONS);
    oneOf("optimizer", Object.keys(Core.RULES));
    if (found.has("hidden")) {
      const sizes = found.get("hidden").split("-").filter(Boolean).map(Number);
      if (sizes.length <= 4 && sizes.every((s) => Number.isInteger(s) && s >= 1 && s <= 8)) state.hidden = sizes;
    }
    for (const part of (found.get("own") || "").split("~").filter(Boolean).slice(0, 300)) {
      const p = part.split("_").map(Number);
      if (p.length === 3 && p.every(Number.isFinite)) {
        state.own.push([...p.slice(0, 2).map((v) => Math.max(-6, Math.min(6, v))), p[2] > 0 ? 1 : -1]);
      }
    }
    return state;
  }

  const KERAS = {
    sgd: (rate) => `SGD(${rate})`,
    momentum: (rate) => `SGD(${rate}, momentum=0.9)`,
    nesterov: (rate) => `SGD(${rate}, momentum=0.9, nesterov=True)`,
    adagrad: (rate) => `Adagrad(${rate})`,
    adadelta: (rate) => `Adadelta(${rate})`,
    rmsprop: (rate) => `RMSprop(${rate})`,
    adam: (rate) => `Adam(${rate})`,
  };

  // The same training as a program with Keras, which ends at the same numbers.
  function code(state, epochs, cost) {
    const { learn } = points(state);
    const rows = [];
    for (let i = 0; i < learn.length; i += 4) {
      rows.push("    " + learn.slice(i, i + 4).map((p) => `[${p.join(", ")}]`).join(", ") + ",");
    }
    const layers = [
      ...state.hidden.map((n) => `    keras.layers.Dense(${n}, activation="${state.activation}"),`),
      '    keras.layers.Dense(1, activation="tanh"),',
    ];
    return `import keras
import numpy as np

keras.backend.set_floatx("float64")  # a page counts in 64 bits


def random(seed):
    """The page's random numbers (mulberry32), from 0 up to 1."""
    state, mask = seed, 0xFFFFFFFF
    while True:
        state = (state + 0x6D2B79F5) & mask
        t = (state ^ state >> 15) * (state | 1) & mask
        t = (t + (t ^ t >> 7) * (t | 61)) & mask ^ t
        yield (t ^ t >> 14) / 2**32


points = np.array([
${rows.join("\n")}
])
X, y = points[:, :2], points[:, 2:]

model = keras.Sequential([
    keras.Input((2,)),
${layers.join("\n")}
])
draw = random(${state.seed})
for layer in model.layers:
    n, m = layer.kernel.shape
    limit = (6 / (n + m)) ** 0.5
    start = [(2 * next(draw) - 1) * limit for _ in range(n * m)]
    layer.set_weights([np.reshape(start, (n, m)), np.zeros(m)])

model.compile(loss="mse", optimizer=keras.optimizers.${KERAS[state.optimizer](state.rate)})
model.fit(X, y, batch_size=${state.batch}, epochs=${epochs}, shuffle=False, verbose=0)
print(f"{model.evaluate(X, y, verbose=0):.6f} by Keras, ${cost.toFixed(6)} in the page")
`;
  }

  globalThis.Playground = { KINDS, ACTIVATIONS, code, fromAddress, points, toAddress };
})();
