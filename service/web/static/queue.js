// The queue: J and K move through the list, Enter opens (a link does that by itself).
const TYPING = "textarea, select, input, [contenteditable]";

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.target.closest?.(TYPING) || localStorage.getItem("songngu:keys") === "off") return;
  const by = { j: 1, k: -1 }[event.key.toLowerCase()];
  if (!by) return;
  const links = [...document.querySelectorAll("#list li > a")];
  const at = links.indexOf(document.activeElement);
  links[Math.max(0, Math.min(links.length - 1, at + by))]?.focus();
  event.preventDefault();
});
