// Connect Four against the tree search, whose thoughts are shown.
"use strict";

Live.register("four", (stage, say) => {
  const { bars, button, canvas, choice, el, keys } = Live;
  const W = 420, H = 372, CELL = 60;
  let state, history, over, thinking = false, rollouts = 1000, chosen = 3, thought = [];
  let seed = 1;
  const rng = () => { seed = (seed * 48271) % 2147483647; return seed / 2147483647; };
  const yours = () => history.length % 2 === first;
  let first = 0; // whose stones the reader has: 0 begins

  const board = canvas(W, H, "The board of Connect Four", (pen, w, h, c) => {
    pen.textAlign = "center";
    pen.fillStyle = c.soft;
    for (let k = 0; k < 7; k++) pen.fillText(String(k + 1), (k + 0.5) * CELL, h - 1);
    const top = h - 16 - 6 * 57;
    for (let column = 0; column < 7; column++) {
      for (let row = 0; row < 6; row++) {
        const [x, y] = [(column + 0.5) * CELL, top + (5.5 - row) * 57];
        pen.beginPath();
        pen.arc(x, y, 25, 0, 7);
        pen.fillStyle = c.shade;
        pen.strokeStyle = c.line;
        pen.lineWidth = 1.5;
        const turn = history.indexOf(7 * column + row);
        if (turn >= 0) pen.fillStyle = turn % 2 === first ? c.blue : c.orange;
        pen.fill();
        pen.stroke();
        if (turn >= 0) {
          pen.fillStyle = c.paper;
          pen.fillText(String(turn + 1), x, y + 5);
        }
      }
    }
    if (!over) {
      pen.fillStyle = c.blue;
      const x = (chosen + 0.5) * CELL;
      pen.beginPath();
      pen.moveTo(x - 8, 0); pen.lineTo(x + 8, 0); pen.lineTo(x, 11);
      pen.fill();
    }
  }, { tabindex: 0 });
  const told = el("p", { class: "sum" });
  const mind = el("div", {});

  function drop(move) {
    history.push(move.toString(2).length - 1);
    state = Four.after(state, move);
    if (Four.lost(state)) over = yours() ? "The search has four in a row." : "You have four in a row. Well played.";
    else if (!Four.moves(state).length) over = "The board is full: a draw.";
    stage.dataset.over = over;
    stage.dataset.stones = history.length;
  }

  function answer() {
    if (over || yours()) { show(); return; }
    thinking = true;
    show();
    setTimeout(() => { // the page shows the reader's stone first
      thought = Four.thoughts(Four.search(state, rollouts, rng));
      thinking = false;
      drop(thought[0].move);
      say(`The search plays column ${thought[0].column + 1}. ${over || "Your turn."}`);
      show();
    }, 30);
  }

  function play(column) {
    if (thinking || over || !yours()) return;
    const move = Four.moves(state).find((m) => Four.columnOf(m) === column);
    if (!move) { say(`Column ${column + 1} is full.`); return; }
    chosen = column;
    drop(move);
    if (over) say(over);
    answer();
  }

  function show() {
    told.textContent = over || (thinking ? "It thinks …" : `Your turn: ${first ? "second" : "first"} player, blue.`);
    const total = thought.reduce((s, t) => s + t.visits, 0) || 1;
    mind.replaceChildren(el("p", { class: "hint" }, thought.length
      ? `Its last thoughts: how it spread ${total.toLocaleString("en")} games over the columns (bars), and how many of them it won (%)`
      : "Its thoughts will stand here after its first move."),
    bars([...thought].sort((a, b) => a.column - b.column).map((t) => [
      `column ${t.column + 1}`, t.visits / total, t === thought[0] ? "orange" : "blue",
      `${(100 * t.won).toFixed(0)} %`])));
    board.paint();
  }

  function begin() {
    state = Four.START;
    history = [];
    thought = [];
    over = "";
    stage.dataset.over = "";
    answer();
  }
  board.addEventListener("pointermove", (event) => {
    chosen = Math.min(6, Math.max(0, Math.floor(board.at(event)[0] / CELL)));
    board.paint();
  });
  board.addEventListener("click", (event) => play(Math.min(6, Math.max(0, Math.floor(board.at(event)[0] / CELL)))));
  const numbers = Object.fromEntries([1, 2, 3, 4, 5, 6, 7].map((k) => [String(k), () => play(k - 1)]));
  keys(board, (dx) => {
    chosen = Math.min(6, Math.max(0, chosen + dx));
    say(`Column ${chosen + 1}.`);
    board.paint();
  }, { Enter: () => play(chosen), " ": () => play(chosen), ...numbers });

  stage.append(el("div", { class: "columns" },
    el("div", {}, board, told),
    el("div", {},
      el("div", { class: "row" }, button("New game", begin),
        choice("who begins", { 0: "you", 1: "the search" }, first, (v) => { first = Number(v); begin(); }),
        choice("games it tries a move", { 50: 50, 300: 300, 1000: "1,000", 4000: "4,000" }, rollouts, (v) => { rollouts = Number(v); })),
      mind,
      el("p", { class: "hint" }, "Click a column, press 1 to 7, or move with the arrow keys and press Enter. Stones bear the number of their turn."))));
  begin();
  say("The board is empty. Your turn.");
});
