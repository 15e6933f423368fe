// The style of what tools.js puts over the map; loaded with it, not with the page.

export const STYLE = `
#area-outline {
  position: fixed;
  inset: 0;
  width: 100%;
  height: 100%;
  pointer-events: none;
}

#area-outline path {
  fill: color-mix(in srgb, var(--accent) 12%, transparent);
  stroke: var(--accent);
  stroke-width: 1.5;
  stroke-dasharray: 5 4;
  stroke-linejoin: round;
}

#map[data-drawing] {
  cursor: crosshair;
}

#area-bar {
  left: 50%;
  bottom: max(var(--edge), env(safe-area-inset-bottom));
  transform: translateX(-50%);
  display: flex;
  align-items: center;
  gap: 10px;
  padding: 6px 6px 6px 8px;
  font-size: 14px;
  white-space: nowrap;
}

#area-bar p {
  min-width: 9.5em;
  padding: 0 4px;
  font-variant-numeric: tabular-nums;
}

#area-bar .quiet {
  padding: 0 8px;
}

#area-bar button.icon {
  background: none;
}

#area-bar button.icon:hover {
  background: var(--raised-hover);
}

.shapes {
  display: flex;
  padding: 3px;
  border-radius: var(--radius-small);
  background: var(--raised);
}

.shapes button {
  min-height: calc(var(--control) - 6px);
  padding: 0 12px;
  border-radius: 7px;
  background: none;
}

.shapes button[aria-pressed="true"] {
  background: var(--solid);
  box-shadow: 0 0 0 1px var(--line-strong);
}

#zoom button[aria-pressed="true"] {
  color: var(--accent);
}

#minimap {
  position: fixed;
  z-index: 3;
  right: calc(var(--edge) + var(--control) + 10px);
  bottom: calc(max(var(--edge), env(safe-area-inset-bottom)) + var(--below, 0px));
  overflow: hidden;
  border-radius: 11px;
  background: var(--panel);
  box-shadow: var(--shadow), inset 0 0 0 1px var(--line);
  color: var(--text);
  cursor: pointer;
  touch-action: none;
}

#minimap canvas {
  display: block;
  width: 100%;
  height: 100%;
}

#minimap span {
  position: absolute;
  left: 0;
  top: 0;
  border: 1.5px solid var(--accent);
  border-radius: 3px;
  background: color-mix(in srgb, var(--accent) 14%, transparent);
  box-shadow: 0 0 0 200px color-mix(in srgb, var(--bg) 35%, transparent);
}

/* The modes stand there, where there are some. */
body:has(#modes:not([hidden])) :is(#minimap, #area-bar) {
  --below: calc(var(--control) + 10px);
}

body:has(#greeting:not([hidden])) :is(#minimap, #area-bar) {
  display: none;
}

/* The buttons below are more now. */
@media (min-width: 641px) {
  .sheet {
    max-height: calc(100dvh - 68px - 5 * var(--control) - 2.5 * var(--edge));
  }
}

@media (max-width: 640px) {
  /* The legend lies at the bottom. */
  #area-bar {
    left: var(--edge);
    right: var(--edge);
    bottom: auto;
    top: calc(68px + var(--below, 0px) + env(safe-area-inset-top));
    transform: none;
    gap: 6px;
    justify-content: space-between;
    font-size: 13px;
  }

  #area-bar p {
    min-width: 0;
    flex: 1;
    white-space: normal;
    line-height: 1.25;
  }

  /* The zoom's last button does the same. */
  #area-bar [data-do="frame"] {
    display: none;
  }

  #area-bar button:not(.icon) {
    padding: 0 9px;
    font-size: 13px;
  }

  #minimap {
    bottom: calc(5 * var(--control) + 2 * var(--edge));
    right: var(--edge);
  }
}
`;
