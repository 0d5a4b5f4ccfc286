// Read a review: the convolutional network's answer, and which three words moved it most.
"use strict";

Live.register("review", async (stage, say) => {
  const { bars, button, el } = Live;
  const { about, networks } = await Forward.load("review");
  const network = Object.values(networks)[0];
  const words = about.words.split(" ");
  const ids = new Map(words.map((word, i) => [word, i + about.first]));
  const [PADDING, START, UNKNOWN] = [0, 1, 2];
  // What the filters say at each place, and what follows once each has kept its most.
  const cut = network.layers.findIndex((layer) => layer.kind === "GlobalMaxPooling1D");
  const maps = new Forward.Network(network.layers.slice(0, cut));
  const head = new Forward.Network(network.layers.slice(cut + 1));
  const width = network.layers[cut - 1].weights[0].shape.at(-3);
  const EXAMPLES = {
    "a friend of it": "A wonderful film. The story is simple and beautiful, the actors are superb, and the ending moved me to tears. One of the best films I have seen, highly recommended.",
    "no friend of it": "What a waste of time. The plot is awful, the acting is terrible and the jokes are boring. I wanted to leave after ten minutes, the worst film of the year.",
    "a trap": "I expected the worst: a dull plot and terrible acting. I was wrong. It is not bad at all.",
  };

  // Words as the network was trained on them: small letters, rare ones unknown.
  const split = (text) => text.toLowerCase().match(/[\p{L}\p{N}']+/gu) || [];
  const idOf = (word) => {
    const id = ids.get(word.replace(/^'+|'+$/g, ""));
    return id ?? UNKNOWN;
  };
  // As many zeros in front as a filter is wide stand for all of them: it finds no more.
  function framed(list) {
    const whole = list.length < about.length ? [START, ...list] : list.slice(-about.length);
    const zeros = Math.min(width, about.length - whole.length);
    return Float32Array.from([...Array(zeros).fill(PADDING), ...whole]);
  }
  const most = (a, b) => a.map((v, i) => Math.max(v, b[i]));

  // The answer, and for each word the answer with an unknown one in its place. Only the
  // windows that hold a word change with it, so only these are computed again.
  function read(list) {
    const ids = framed(list);
    const rows = (input) => {
      const all = maps.output(input, [input.length]);
      const n = input.length - width + 1;
      return Array.from({ length: n }, (_, i) => all.subarray(i * all.length / n, (i + 1) * all.length / n));
    };
    const windows = rows(ids);
    const none = new Float32Array(windows[0].length).fill(-Infinity);
    const before = [none], after = [none];
    windows.forEach((row) => before.push(most(before.at(-1), row)));
    [...windows].reverse().forEach((row) => after.unshift(most(after[0], row)));
    const without = list.map((id, i) => {
      const place = ids.length - list.length + i;
      const from = Math.max(0, place - width + 1);
      const to = Math.min(windows.length, place + 1); // the windows from..to-1 hold it
      const piece = ids.slice(from, to + width - 1);
      piece[place - from] = UNKNOWN;
      return head.output(rows(piece).reduce(most, most(before[from], after[to])))[0];
    });
    return [head.output(after[0])[0], without];
  }

  const box = el("textarea", { rows: 5, id: "live-review-text", maxlength: 4000, input: () => show() });
  const answer = el("div", {});
  const moved = el("p", { class: "sum" });
  const marked = el("p", { class: "read" });

  function show() {
    const all = split(box.value);
    const from = Math.max(0, all.length - about.length);
    const seen = all.slice(from);
    const list = seen.map(idOf);
    if (!seen.length) {
      answer.replaceChildren();
      moved.textContent = "Type, or take an example.";
      say(moved.textContent);
      marked.replaceChildren();
      delete stage.dataset.score;
      return;
    }
    const [whole, without] = read(list);
    // A word's push: the answer with it less the answer with an unknown one in its place.
    const logit = (p) => Math.log(Math.max(p, 1e-7) / Math.max(1 - p, 1e-7));
    const pushes = list.map((id, i) => (id === UNKNOWN ? 0 : logit(whole) - logit(without[i])));
    const best = pushes.map((p, i) => [Math.abs(p), i]).sort((a, b) => b[0] - a[0])
      .slice(0, 3).filter(([p]) => p > 0).map(([, i]) => i);
    stage.dataset.score = whole;
    answer.replaceChildren(bars([["favourable", whole, whole > 0.5 ? "green" : "vermillion", whole.toFixed(2)]]));
    const told = best.map((i) => `“${seen[i]}” ${pushes[i] > 0 ? "up" : "down"}`);
    moved.textContent = best.length ? `Moved it most: ${told.join(", ")}.` : "It knows none of these words.";
    marked.replaceChildren(...seen.flatMap((word, i) => {
      const node = best.includes(i) ? el("mark", { class: pushes[i] > 0 ? "up" : "down" }, word)
        : el("span", list[i] === UNKNOWN ? { class: "unknown" } : {}, word);
      return [node, " "];
    }));
    say(`${whole.toFixed(2)} of 1: ${whole > 0.5 ? "favourable" : "unfavourable"}. ${moved.textContent}`);
  }

  stage.append(
    el("label", { for: "live-review-text" }, "A review in English"), box,
    el("div", { class: "row" }, ...Object.entries(EXAMPLES).map(([name, text]) =>
      button(name, () => { box.value = text; show(); })), button("Clear", () => { box.value = ""; show(); })),
    answer, moved, marked,
    el("p", { class: "hint" }, `It looks at the last ${about.length} words, ${width} at a time. Those that are struck out it does not know. Green underlines speak for the film, dashed ones against it: put an unknown word in their place, and the answer changes most.`));
  show();
});
