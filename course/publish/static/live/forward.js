// Trained networks: unpacks what course/publish/live/packing.py packed, and runs it.
// Each layer is a function from (numbers, shape) to the same; parity with Keras is tested
// in a real browser (tests/course/publish/live/test_parity.py).
"use strict";

const Forward = (() => {
  // ── unpacking ──────────────────────────────────────────────────────────────────────
  async function bytesOf(text) {
    const packed = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  }

  // Bytes stand in planes: the first of every number, then the second of every number …
  function joined(bytes, at, count, width) {
    const out = new Uint8Array(count * width);
    for (let k = 0; k < width; k++) {
      for (let i = 0; i < count; i++) out[i * width + k] = bytes[at + k * count + i];
    }
    return out.buffer;
  }

  function half(bits) {
    const sign = bits & 0x8000 ? -1 : 1;
    const exponent = (bits >> 10) & 31;
    const rest = bits & 1023;
    if (exponent === 0) return sign * rest * 2 ** -24;
    return sign * (1 + rest / 1024) * 2 ** (exponent - 15);
  }

  function array(bytes, { at, shape, form, scale }) {
    const count = shape.reduce((a, b) => a * b, 1);
    let values;
    if (form === "f32") values = new Float32Array(joined(bytes, at, count, 4));
    else if (form === "f16") values = Float32Array.from(new Uint16Array(joined(bytes, at, count, 2)), half);
    else {
      const steps = new Int8Array(bytes.buffer, bytes.byteOffset + at, count);
      const sizes = array(bytes, scale);
      const columns = sizes.length;
      values = Float32Array.from(steps, (s, i) => Math.fround(s * sizes[i % columns]));
    }
    values.shape = shape;
    return values;
  }

  // The payload of a box: what is told about it, its networks, its arrays by name.
  async function load(name) {
    const { about, bytes } = Live.stored[name];
    const all = await bytesOf(bytes);
    const networks = Object.fromEntries(Object.entries(about.networks).map(([id, layers]) =>
      [id, new Network(layers.map((layer) =>
        ({ ...layer, weights: layer.weights.map((reference) => array(all, reference)) })))]));
    const arrays = Object.fromEntries(Object.entries(about.arrays).map(([id, reference]) =>
      [id, array(all, reference)]));
    return { about, networks, arrays };
  }

  // ── layers ─────────────────────────────────────────────────────────────────────────
  const sigmoid = (z) => 1 / (1 + Math.exp(-z));
  const ONE_BY_ONE = {
    linear: null, relu: (z) => Math.max(0, z), sigmoid, tanh: Math.tanh,
  };

  function activate(values, name, last) {
    if (name === "softmax") {
      for (let at = 0; at < values.length; at += last) {
        const row = values.subarray(at, at + last);
        const most = row.reduce((a, b) => Math.max(a, b), -Infinity);
        let sum = 0;
        for (let i = 0; i < last; i++) sum += row[i] = Math.exp(row[i] - most);
        for (let i = 0; i < last; i++) row[i] /= sum;
      }
    } else if (ONE_BY_ONE[name]) {
      for (let i = 0; i < values.length; i++) values[i] = ONE_BY_ONE[name](values[i]);
    }
    return values;
  }

  // A sum over the window of a convolution, for every place and every kernel.
  function convolve(x, [rows, columns, depth], kernel, bias, strides, same, flipped) {
    const [kh, kw] = kernel.shape;
    const n = flipped ? kernel.shape[2] : kernel.shape[3];
    const size = (all, k, s) => (same ? Math.ceil(all / s) : Math.floor((all - k) / s) + 1);
    const [h, w] = [size(rows, kh, strides[0]), size(columns, kw, strides[1])];
    const before = (all, out, k, s) => (same ? Math.max(0, (out - 1) * s + k - all) >> 1 : 0);
    const [top, left] = [before(rows, h, kh, strides[0]), before(columns, w, kw, strides[1])];
    const out = new Float32Array(h * w * n);
    const sums = new Float64Array(n);
    for (let i = 0; i < h; i++) {
      for (let j = 0; j < w; j++) {
        sums.set(bias);
        for (let u = 0; u < kh; u++) {
          const r = i * strides[0] + u - top;
          if (r < 0 || r >= rows) continue;
          for (let v = 0; v < kw; v++) {
            const c = j * strides[1] + v - left;
            if (c < 0 || c >= columns) continue;
            const from = (r * columns + c) * depth;
            for (let d = 0; d < depth; d++) {
              const value = x[from + d];
              if (value === 0) continue;
              if (flipped) { // a transposed convolution, stride 1: the kernel turned round
                const at = ((kh - 1 - u) * kw + (kw - 1 - v)) * n * depth + d;
                for (let o = 0; o < n; o++) sums[o] += value * kernel[at + o * depth];
              } else {
                const at = ((u * kw + v) * depth + d) * n;
                for (let o = 0; o < n; o++) sums[o] += value * kernel[at + o];
              }
            }
          }
        }
        out.set(sums, (i * w + j) * n);
      }
    }
    return [out, [h, w, n]];
  }

  const LAYERS = {
    Dense(x, shape, { weights: [kernel, bias], activation }) {
      const n = kernel.shape[0], m = kernel.shape[1];
      const out = new Float32Array(m);
      const sums = Float64Array.from(bias);
      for (let i = 0; i < n; i++) {
        const value = x[i];
        if (value === 0) continue;
        for (let j = 0, at = i * m; j < m; j++, at++) sums[j] += value * kernel[at];
      }
      out.set(sums);
      return [activate(out, activation, m), [m]];
    },
    BatchNormalization(x, shape, { weights: [gamma, beta, mean, variance], epsilon }) {
      const n = gamma.length;
      const scale = gamma.map((g, i) => g / Math.sqrt(variance[i] + epsilon));
      return [x.map((v, i) => (v - mean[i % n]) * scale[i % n] + beta[i % n]), shape];
    },
    Activation: (x, shape, { activation }) =>
      [activate(Float32Array.from(x), activation, shape.at(-1)), shape],
    Flatten: (x) => [x, [x.length]],
    Reshape: (x, shape, { target }) => [x, target],
    UpSampling2D(x, [h, w, n], { size: [a, b] }) {
      const out = new Float32Array(h * a * w * b * n);
      for (let i = 0; i < h * a; i++) {
        for (let j = 0; j < w * b; j++) {
          const from = (Math.floor(i / a) * w + Math.floor(j / b)) * n;
          out.set(x.subarray(from, from + n), (i * w * b + j) * n);
        }
      }
      return [out, [h * a, w * b, n]];
    },
    MaxPooling2D(x, [rows, columns, n], { size: [a, b] }) {
      const [h, w] = [Math.floor(rows / a), Math.floor(columns / b)];
      const out = new Float32Array(h * w * n).fill(-Infinity);
      for (let i = 0; i < h * a; i++) {
        for (let j = 0; j < w * b; j++) {
          const to = (Math.floor(i / a) * w + Math.floor(j / b)) * n;
          const from = (i * columns + j) * n;
          for (let d = 0; d < n; d++) out[to + d] = Math.max(out[to + d], x[from + d]);
        }
      }
      return [out, [h, w, n]];
    },
    Conv2D(x, shape, { weights: [kernel, bias], strides, same, activation }) {
      const [out, size] = convolve(x, shape, kernel, bias, strides, same, false);
      return [activate(out, activation, size[2]), size];
    },
    Conv2DTranspose(x, shape, { weights: [kernel, bias], activation }) {
      const [out, size] = convolve(x, shape, kernel, bias, [1, 1], true, true);
      return [activate(out, activation, size[2]), size];
    },
    Conv1D(x, [steps, depth], { weights: [kernel, bias], strides, same, activation }) {
      kernel.shape = [1, ...kernel.shape.slice(-3)];
      const [out, size] = convolve(x, [1, steps, depth], kernel, bias, [1, strides[0]], same, false);
      return [activate(out, activation, size[2]), size.slice(1)];
    },
    GlobalMaxPooling1D(x, [steps, n]) {
      const out = new Float32Array(n).fill(-Infinity);
      x.forEach((v, i) => { out[i % n] = Math.max(out[i % n], v); });
      return [out, [n]];
    },
    Embedding(x, [steps], { weights: [table] }) {
      const n = table.shape[1];
      const out = new Float32Array(steps * n);
      for (let i = 0; i < steps; i++) out.set(table.subarray(x[i] * n, x[i] * n + n), i * n);
      return [out, [steps, n]];
    },
  };

  class Network {
    constructor(layers) { this.layers = layers; }

    // What every layer says to an input: a list of { kind, values, shape }.
    pass(input, shape = [input.length]) {
      let values = input;
      return this.layers.map((layer) => {
        [values, shape] = LAYERS[layer.kind](values, shape, layer);
        return { kind: layer.kind, values, shape };
      });
    }

    output(input, shape) { return this.pass(input, shape).at(-1).values; }
  }

  return { load, Network };
})();
