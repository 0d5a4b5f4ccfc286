// Networks that are trained in the page: dense layers, losses, seven optimizers.
// It knows nothing of the page. Numbers are 64-bit; formulas and defaults are those of
// Keras, which a test compares (tests/course/publish/live/test_core.py).
"use strict";

(() => {
  // Random numbers that are the same everywhere (mulberry32), from 0 up to 1.
  function random(seed) {
    let state = seed >>> 0;
    return () => {
      state = (state + 0x6d2b79f5) >>> 0;
      let t = Math.imul(state ^ (state >>> 15), state | 1);
      t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
      return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    };
  }

  // Two of them make one that is normally distributed.
  const normal = (rng) =>
    Math.sqrt(-2 * Math.log(1 - rng())) * Math.cos(2 * Math.PI * rng());

  function shuffled(items, rng) {
    const order = [...items];
    for (let i = order.length - 1; i > 0; i--) {
      const j = Math.floor(rng() * (i + 1));
      [order[i], order[j]] = [order[j], order[i]];
    }
    return order;
  }

  const sigmoid = (z) => 1 / (1 + Math.exp(-z));

  // An activation of z, and its slope where it gave a.
  const ACTIVATIONS = {
    linear: { of: (z) => z, slope: () => 1 },
    relu: { of: (z) => Math.max(0, z), slope: (a) => (a > 0 ? 1 : 0) },
    sigmoid: { of: sigmoid, slope: (a) => a * (1 - a) },
    tanh: { of: Math.tanh, slope: (a) => 1 - a * a },
  };

  function softmax(z) {
    const most = Math.max(...z);
    const powers = z.map((v) => Math.exp(v - most));
    const sum = powers.reduce((a, b) => a + b, 0);
    return powers.map((p) => p / sum);
  }

  // Losses of one case: the cost, and its slope by each output.
  const LOSSES = {
    squared(out, y) {
      const off = [...out].map((o, i) => o - y[i]);
      const n = off.length;
      return { cost: off.reduce((s, d) => s + d * d, 0) / n, slope: off.map((d) => (2 * d) / n) };
    },
    // Cross-entropy of one logit; y is 0 or 1.
    logistic(out, y) {
      const z = out[0];
      const cost = Math.max(z, 0) - z * y[0] + Math.log1p(Math.exp(-Math.abs(z)));
      return { cost, slope: [sigmoid(z) - y[0]] };
    },
    // Cross-entropy of a softmax over logits; y is a share for each class.
    softmax(out, y) {
      const p = softmax([...out]);
      const cost = -p.reduce((s, v, i) => s + (y[i] ? y[i] * Math.log(v) : 0), 0);
      return { cost, slope: p.map((v, i) => v - y[i]) };
    },
  };

  // A stack of dense layers: sizes [2, 8, 1], an activation for each but the first.
  class Network {
    constructor(sizes, activations, seed = 1) {
      const rng = random(seed);
      this.sizes = sizes;
      this.layers = activations.map((activation, l) => {
        const [n, m] = [sizes[l], sizes[l + 1]];
        const limit = Math.sqrt(6 / (n + m)); // Glorot's uniform start
        return {
          activation, n, m,
          weights: Float64Array.from({ length: n * m }, () => (2 * rng() - 1) * limit),
          biases: new Float64Array(m),
          dWeights: new Float64Array(n * m),
          dBiases: new Float64Array(m),
        };
      });
    }

    // What all layers say to one input: a list, the input first, the output last.
    pass(input) {
      const said = [Float64Array.from(input)];
      for (const { activation, n, m, weights, biases } of this.layers) {
        const { of } = ACTIVATIONS[activation];
        const from = said[said.length - 1];
        const to = new Float64Array(m);
        for (let j = 0; j < m; j++) {
          let z = biases[j];
          for (let i = 0; i < n; i++) z += from[i] * weights[i * m + j];
          to[j] = of(z);
        }
        said.push(to);
      }
      return said;
    }

    output(input) {
      const said = this.pass(input);
      return said[said.length - 1];
    }

    // Backpropagation: adds to the slopes of all parameters; returns those by the input.
    back(said, slope) {
      let coming = slope;
      for (let l = this.layers.length - 1; l >= 0; l--) {
        const { activation, n, m, weights, dWeights, dBiases } = this.layers[l];
        const after = ACTIVATIONS[activation].slope;
        const [from, to] = [said[l], said[l + 1]];
        const going = new Float64Array(n);
        for (let j = 0; j < m; j++) {
          const delta = coming[j] * after(to[j]);
          dBiases[j] += delta;
          for (let i = 0; i < n; i++) {
            dWeights[i * m + j] += delta * from[i];
            going[i] += delta * weights[i * m + j];
          }
        }
        coming = going;
      }
      return coming;
    }

    clear() {
      for (const { dWeights, dBiases } of this.layers) { dWeights.fill(0); dBiases.fill(0); }
    }

    // Pairs of parameters and their slopes, as an optimizer takes them.
    get parameters() {
      return this.layers.flatMap((l) => [[l.weights, l.dWeights], [l.biases, l.dBiases]]);
    }
  }

  // Slopes of the mean loss over a batch, and that loss.
  function slopes(network, loss, xs, ys) {
    network.clear();
    let cost = 0;
    xs.forEach((x, k) => {
      const said = network.pass(x);
      const found = LOSSES[loss](said[said.length - 1], ys[k]);
      cost += found.cost;
      network.back(said, found.slope.map((s) => s / xs.length));
    });
    return cost / xs.length;
  }

  // The mean loss without learning.
  const meanLoss = (network, loss, xs, ys) =>
    xs.reduce((sum, x, k) => sum + LOSSES[loss](network.output(x), ys[k]).cost, 0) / xs.length;

  // Rules that change a parameter p by its slope g. Each has numbers of its own for every
  // parameter, in `own`; t counts the steps from 1.
  const EPSILON = 1e-7;
  const RULES = {
    sgd: { keeps: 0, rate: 0.1, step: (g, own, rate) => -rate * g },
    momentum: {
      keeps: 1, rate: 0.05,
      step(g, own, rate) { return (own[0] = 0.9 * own[0] - rate * g); },
    },
    nesterov: {
      keeps: 1, rate: 0.05,
      step(g, own, rate) {
        own[0] = 0.9 * own[0] - rate * g;
        return 0.9 * own[0] - rate * g;
      },
    },
    adagrad: {
      keeps: 1, start: 0.1, rate: 0.5,
      step(g, own, rate) {
        own[0] += g * g;
        return (-rate * g) / Math.sqrt(own[0] + EPSILON);
      },
    },
    adadelta: {
      keeps: 2, rate: 1,
      step(g, own, rate) {
        own[0] = 0.95 * own[0] + 0.05 * g * g;
        const change = (-Math.sqrt(own[1] + EPSILON) * g) / Math.sqrt(own[0] + EPSILON);
        own[1] = 0.95 * own[1] + 0.05 * change * change;
        return rate * change;
      },
    },
    rmsprop: {
      keeps: 1, rate: 0.05,
      step(g, own, rate) {
        own[0] = 0.9 * own[0] + 0.1 * g * g;
        return (-rate * g) / Math.sqrt(own[0] + EPSILON);
      },
    },
    adam: {
      keeps: 2, rate: 0.05,
      step(g, own, rate, t) {
        own[0] = 0.9 * own[0] + 0.1 * g;
        own[1] = 0.999 * own[1] + 0.001 * g * g;
        // Keras has the two betas in 32 bits here.
        const [slow, fast] = [Math.fround(0.999) ** t, Math.fround(0.9) ** t];
        const pace = (rate * Math.sqrt(1 - slow)) / (1 - fast);
        return (-pace * own[0]) / (Math.sqrt(own[1]) + EPSILON);
      },
    },
  };

  class Optimizer {
    constructor(name, rate = RULES[name].rate) {
      this.rule = RULES[name];
      this.rate = rate;
      this.t = 0;
      this.own = new Map();
    }

    // Changes parameters, given as pairs of arrays (values, slopes), by one step.
    step(parameters) {
      this.t += 1;
      const { keeps, start = 0, step } = this.rule;
      for (const [values, slope] of parameters) {
        if (!this.own.has(values)) {
          this.own.set(values, Array.from(values, () => new Array(keeps).fill(start)));
        }
        const own = this.own.get(values);
        for (let i = 0; i < values.length; i++) {
          values[i] += step(slope[i], own[i], this.rate, this.t);
        }
      }
    }
  }

  // One pass over all cases, in their order; returns the mean loss seen on the way.
  function epoch(network, loss, xs, ys, optimizer, batch) {
    let sum = 0;
    for (let at = 0; at < xs.length; at += batch) {
      const x = xs.slice(at, at + batch);
      sum += slopes(network, loss, x, ys.slice(at, at + batch)) * x.length;
      optimizer.step(network.parameters);
    }
    return sum / xs.length;
  }

  globalThis.Core = {
    ACTIVATIONS, LOSSES, RULES, Network, Optimizer,
    epoch, meanLoss, normal, random, shuffled, slopes, softmax,
  };
})();
