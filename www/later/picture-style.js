// The style of the sheet "Save a picture"; loaded with it, not with the page.

export const STYLE = `
#picture-preview {
  display: block;
  max-width: 100%;
  max-height: 34dvh;
  margin: 12px auto 0;
  border-radius: var(--radius-small);
  background: var(--bg);
  box-shadow: 0 0 0 1px var(--line);
}

#picture-preview[data-clear] {
  background: repeating-conic-gradient(var(--raised-hover) 0 25%, var(--bg) 0 50%) 0 0 / 16px 16px;
}

#picture fieldset {
  display: flex;
  flex-wrap: wrap;
  gap: 0 18px;
  margin: 14px 0 0;
  padding: 0;
  border: 0;
}

#picture legend {
  padding: 0;
  font-weight: 600;
  font-size: 14px;
}

#picture .check {
  display: inline-flex;
  align-items: center;
  gap: 8px;
  min-height: var(--control);
  font-size: 14px;
}

#picture .check input {
  width: 17px;
  height: 17px;
  min-height: 0;
  accent-color: var(--accent);
}

#picture .field {
  margin-top: 14px;
}

#picture-color {
  flex: none;
  width: 64px !important;
  padding: 4px !important;
}

#picture-save {
  width: 100%;
  margin-top: 10px;
}

#picture-work {
  display: flex;
  align-items: center;
  gap: 14px;
  margin-top: 10px;
}

#picture-said {
  min-height: 1.5em;
  overflow-wrap: anywhere;
}

#picture {
  max-height: calc(100dvh - 68px - var(--edge));
}

@media (max-width: 640px) {
  #picture {
    inset: auto 0 0;
    max-height: 84dvh;
  }

  #picture-preview {
    max-height: 26dvh;
  }
}
`;
