// The theme's button: what the system prefers, until a reader chooses.
(() => {
  const button = document.getElementById("theme");
  const root = document.documentElement;
  const stored = (() => { try { return localStorage.getItem("theme"); } catch { return null; } })();
  const prefers = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  const set = (theme) => {
    root.dataset.theme = theme;
    if (button) {
      button.textContent = theme === "dark" ? "Light" : "Dark";
      button.setAttribute("aria-pressed", String(theme === "dark"));
    }
  };
  set(stored || prefers);
  button?.addEventListener("click", () => {
    const theme = root.dataset.theme === "dark" ? "light" : "dark";
    set(theme);
    try { localStorage.setItem("theme", theme); } catch { /* a disk has no storage */ }
  });
  // What is folded would be missing on paper.
  addEventListener("beforeprint", () => {
    for (const fold of document.querySelectorAll("details:not(.solution)")) fold.open = true;
  });
})();
