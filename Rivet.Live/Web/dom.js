// Small ways to make and keep elements. Text from the server is only ever put in as text.

/** An element with properties (`class`, `dataset`, `on…`, attributes) and children. */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === "dataset") {
      Object.assign(element.dataset, value);
    } else if (name.startsWith("on")) {
      element.addEventListener(name.slice(2), value);
    } else if (typeof value === "boolean") {
      element.toggleAttribute(name, value);
    } else {
      element.setAttribute(name, value);
    }
  }
  element.append(...children);
  return element;
}

/** Sets a text where it changed, so that a selection and a screen reader are left in peace. */
export function setText(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

export function setAttribute(element, name, value) {
  if (element.getAttribute(name) !== String(value)) {
    element.setAttribute(name, value);
  }
}

/**
 * Keeps one child of `container` for each item, in order, without making those anew that stay: focus survives.
 * `make(item)` gives `{ element, update(item) }`, and `leave()` where something has to end with it.
 */
export function keyed(container, make, keyOf) {
  const kept = new Map();
  return (items) => {
    const wanted = new Set(items.map(keyOf));
    for (const [key, child] of kept) {
      if (!wanted.has(key)) {
        child.element.remove();
        child.leave?.();
        kept.delete(key);
      }
    }
    items.forEach((item, index) => {
      const key = keyOf(item);
      const child = kept.get(key) ?? make(item);
      kept.set(key, child);
      child.update(item);
      if (container.children[index] !== child.element) {
        container.insertBefore(child.element, container.children[index] ?? null);
      }
    });
  };
}
