// Connect Four and Monte Carlo tree search, as in notebook 2 of chapter 4. Stones are
// bits: seven columns of six squares, each column with a seventh bit that is never set.
"use strict";

(() => {
  const START = [0n, 0n];
  const COLUMNS = [...Array(7).keys()].map((c) => [0b111111n << BigInt(7 * c), 1n << BigInt(7 * c)]);

  const after = ([own, others], move) => [others, own | move];
  const columnOf = (move) => Math.floor((move.toString(2).length - 1) / 7);

  function moves([own, others]) {
    const taken = own | others;
    return COLUMNS.map(([column, bottom]) => (taken + bottom) & column).filter((move) => move);
  }

  // Whether the player to move has lost: the other has four in a row.
  function lost([, stones]) {
    for (const shift of [1n, 7n, 6n, 8n]) { // up, across, and along both diagonals
      const pairs = stones & (stones >> shift);
      if (pairs & (pairs >> (2n * shift))) return true;
    }
    return false;
  }

  // Random play to the end. 1: the player to move here won; 0: lost; one half: a draw.
  function rollOut(state, rng) {
    let here = state;
    let result = 0;
    while (!lost(here)) {
      const open = moves(here);
      if (!open.length) return 0.5;
      here = after(here, open[Math.floor(rng() * open.length)]);
      result = 1 - result;
    }
    return result;
  }

  class Node { // its score is that of the player who moved into it
    constructor(state) {
      this.state = state;
      this.visits = 0;
      this.score = 0;
      this.children = new Map();
      this.untried = lost(state) ? [] : moves(state);
    }
  }

  // Grows a tree; returns its root.
  function search(state, rollouts, rng, c = 1.4) {
    const root = new Node(state);
    for (let k = 0; k < rollouts; k++) {
      let node = root;
      const path = [root];
      while (!node.untried.length && node.children.size) { // 1. select
        const log = Math.log(node.visits);
        let best = -Infinity, chosen = null;
        for (const child of node.children.values()) {
          const bound = child.score / child.visits + c * Math.sqrt(log / child.visits);
          if (bound > best) { best = bound; chosen = child; }
        }
        node = chosen;
        path.push(node);
      }
      if (node.untried.length) { // 2. expand
        const [move] = node.untried.splice(Math.floor(rng() * node.untried.length), 1);
        const child = new Node(after(node.state, move));
        node.children.set(move, child);
        node = child;
        path.push(node);
      }
      let result = rollOut(node.state, rng); // 3. roll out
      for (const one of path.reverse()) { // 4. back up
        result = 1 - result;
        one.visits += 1;
        one.score += result;
      }
    }
    return root;
  }

  // What the search thinks of each column: visits, and the share of games won.
  const thoughts = (root) => [...root.children].map(([move, child]) =>
    ({ move, column: columnOf(move), visits: child.visits, won: child.score / child.visits }))
    .sort((a, b) => b.visits - a.visits);

  globalThis.Four = { START, after, columnOf, lost, moves, search, thoughts };
})();
