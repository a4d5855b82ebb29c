// Dark or light: as the system has it, until somebody presses the button; then that, in this browser.

const name = "rivet-theme";

/** Returns what is in force. `changed()` when that is another. */
export function startTheme(button, changed) {
  const system = matchMedia("(prefers-color-scheme: light)");
  const theme = () => localStorage.getItem(name) ?? (system.matches ? "light" : "dark");
  const apply = () => {
    document.documentElement.dataset.theme = theme();
    changed();
  };
  document.documentElement.dataset.theme = theme();
  system.addEventListener("change", apply);
  button.addEventListener("click", () => {
    localStorage.setItem(name, theme() === "light" ? "dark" : "light");
    apply();
  });
  return theme;
}
