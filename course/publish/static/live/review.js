// Read a review: the dense network's answer, and which three words moved it most.
"use strict";

Live.register("review", async (stage, say) => {
  const { bars, button, el } = Live;
  const { about, networks } = await Forward.load("review");
  const network = Object.values(networks)[0];
  const words = about.words.split(" ");
  const ids = new Map(words.map((word, i) => [word, i + about.first]));
  const UNKNOWN = 2;
  const EXAMPLES = {
    "a friend of it": "A wonderful film. The story is simple and beautiful, the actors are superb, and the ending moved me to tears. One of the best films I have seen, highly recommended.",
    "no friend of it": "What a waste of time. The plot is awful, the acting is terrible and the jokes are boring. I wanted to leave after ten minutes, the worst film of the year.",
    "a trap": "I expected the worst: a dull plot and terrible acting. I was wrong. It is not bad at all.",
  };

  // Words as the network was trained on them: small letters, rare ones unknown.
  const split = (text) => text.toLowerCase().match(/[\p{L}\p{N}']+/gu) || [];
  const idOf = (word) => {
    const id = ids.get(word.replace(/^'+|'+$/g, ""));
    return id >= about.skip ? id : UNKNOWN;
  };
  function score(list) {
    const input = new Float32Array(about.length);
    const last = list.slice(-about.length);
    input.set(last, about.length - last.length);
    return network.output(input)[0];
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
    const whole = score(list);
    // A word's push: the answer with it less the answer with an unknown one in its place.
    const logit = (p) => Math.log(Math.max(p, 1e-7) / Math.max(1 - p, 1e-7));
    const pushes = list.map((id, i) => {
      if (id === UNKNOWN) return 0;
      const without = [...list];
      without[i] = UNKNOWN;
      return logit(whole) - logit(score(without));
    });
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
    el("p", { class: "hint" }, `It looks at the last ${about.length} words. Those that are struck out it does not see: too rare, or among the 46 commonest. Green underlines speak for the film, dashed ones against it. It reads places, not sentences: move a word and its push changes.`));
  show();
});
