// The style of what the sheets hold once they are opened: the formula, the table of runs, the card of the map's quality.

export const STYLE = `
/* ---- formula ---- */

.name {
  min-height: 24px;
  margin: 2px 4px 2px 0;
  padding: 0 7px;
  border-radius: 6px;
  font: 12.5px/1 ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, monospace;
}

.preview .help {
  display: block;
  margin-top: 0;
  font-size: 12px;
}

table {
  width: 100%;
  border-collapse: collapse;
  font-size: 13px;
}

caption {
  padding: 8px 0 2px;
  color: var(--muted);
  text-align: left;
}

th,
td {
  padding: 5px 0 5px 8px;
  border-top: 1px solid var(--line);
  text-align: right;
  vertical-align: top;
}

th:first-child,
td:first-child {
  padding-left: 0;
  text-align: left;
  overflow-wrap: anywhere;
}

/* ---- the maps of this session ---- */

#runs {
  margin-top: 22px;
  padding-top: 16px;
  border-top: 1px solid var(--line);
}

#runs th,
#runs td {
  vertical-align: middle;
}

#runs thead th {
  white-space: nowrap;
  border: 0;
  font-size: 12px;
  font-weight: 500;
  color: var(--muted);
}

#runs tbody th {
  font-weight: 450;
}

#runs tbody tr:first-child {
  font-weight: 600;
}

#runs th button {
  min-height: 24px;
  padding: 0;
  background: none;
  color: var(--accent);
  font-weight: inherit;
  text-align: left;
  text-decoration: underline;
  text-decoration-color: var(--line-strong);
  text-underline-offset: 3px;
}

#runs th .help {
  display: block;
  margin-top: 0;
  font-size: 12px;
  font-weight: 400;
}

/* ---- how good the map is ---- */

#quality-measures {
  margin-top: 14px;
}

#quality-measures > div,
#quality-facts > div {
  display: grid;
  grid-template-columns: 1fr auto;
  gap: 0 12px;
  padding: 9px 0;
  border-top: 1px solid var(--line);
}

#quality-measures dt,
#quality-facts dt {
  font-size: 14px;
  font-weight: 600;
}

#quality-measures .number,
#quality-facts .number {
  font-size: 15px;
  font-weight: 600;
}

#quality-measures .help,
#quality-facts .help {
  grid-column: 1 / -1;
  margin-top: 1px;
}

#quality-spread {
  margin: 4px 0 0;
}

#quality-spread svg {
  display: block;
  width: 100%;
  height: 56px;
  border-bottom: 1px solid var(--line-strong);
}

#quality-spread rect {
  fill: var(--sea);
}

#quality-spread figcaption {
  margin-top: 4px;
  font-size: 12.5px;
  color: var(--muted);
}

#quality-worst {
  margin-top: 20px;
}

#quality-worst .help {
  margin-top: 2px;
}

#quality-pairs {
  margin: 6px -10px -8px;
  list-style: none;
}

#quality-pairs button {
  display: grid;
  grid-template-columns: 1fr auto;
  width: 100%;
  padding: 5px 10px;
  background: none;
  font-size: 14px;
  font-weight: 450;
  line-height: 1.35;
  text-align: left;
}

#quality-pairs button:hover {
  background: var(--raised-hover);
}

#quality-pairs button > span:first-child span {
  display: block;
}

#quality-pairs .number {
  font-size: 12.5px;
  color: var(--muted);
}

/* Fingers need more than a line of text. */
@media (pointer: coarse) {
  .name,
  #runs th button {
    min-height: 44px;
    min-width: 44px;
  }
}
`;
