import { css } from 'lit'

export const messageRowStyles = css`
  :host {
    position: relative;
    display: grid;
    grid-template-columns: 40px minmax(0, 1fr) auto;
    column-gap: var(--space-4);
    padding: 2px var(--space-4);
    outline: none;
  }

  :host([leads]) {
    margin-block-start: var(--space-4);
  }

  :host(:hover),
  :host(:focus-within) {
    background: var(--surface-hover);
  }

  :host(:focus-visible) {
    box-shadow: inset 0 0 0 2px var(--focus);
  }

  .aside {
    user-select: none;
  }

  .aside time {
    display: none;
    padding-block-start: 4px;
    color: var(--text-3);
    font-size: 11px;
    font-variant-numeric: tabular-nums;
    text-align: end;
  }

  :host(:hover) .aside time,
  :host(:focus-within) .aside time {
    display: block;
  }

  .heading {
    display: flex;
    align-items: baseline;
    gap: var(--space-2);
    min-width: 0;
    line-height: 1.3;
  }

  .sender {
    overflow: hidden;
    color: var(--name-colour);
    font-size: 15px;
    font-weight: 650;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .heading time {
    flex: none;
    color: var(--text-3);
    font-size: var(--text-tiny);
    font-variant-numeric: tabular-nums;
  }

  .text {
    display: block;
    color: var(--text-1);
    font-size: var(--text-size);
    line-height: var(--text-line);
    overflow-wrap: anywhere;
    white-space: pre-wrap;
  }

  .text[data-style='notice'] {
    color: var(--text-2);
  }

  .text[data-style='emote'] {
    font-style: italic;
  }

  .text[data-pending] {
    color: var(--text-3);
  }

  .hidden {
    display: flex;
    align-items: center;
    gap: 6px;
    min-height: 22px;
    color: var(--text-3);
    font-size: 14px;
    font-style: italic;
    --icon-size: 15px;
  }

  .edited {
    color: var(--text-3);
    font-size: var(--text-tiny);
    white-space: nowrap;
  }

  .reply {
    display: flex;
    align-items: center;
    gap: 6px;
    min-width: 0;
    margin-block-end: 2px;
    color: var(--text-2);
    font-size: var(--text-small);
    line-height: 1.4;
    --icon-size: 14px;
  }

  .reply span {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .reply b {
    font-weight: 600;
  }

  .failed {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 2px var(--space-2);
    margin-block: 2px 4px;
    color: var(--danger-text);
    font-size: var(--text-small);
    --icon-size: 15px;
  }

  .failed .link-button {
    min-height: 24px;
  }

  .readers {
    display: flex;
    align-self: end;
    align-items: center;
    min-height: 22px;
    padding-block: 3px;
    color: var(--text-3);
    font-size: 11px;
    font-variant-numeric: tabular-nums;
    --avatar-size: 16px;
  }

  .readers hearth-avatar {
    box-shadow: 0 0 0 1.5px var(--surface-1);
  }

  .readers hearth-avatar + hearth-avatar {
    margin-inline-start: -4px;
  }

  .readers b {
    margin-inline-start: 4px;
    font-weight: 600;
  }

  .toolbar {
    position: absolute;
    inset-block-start: -16px;
    inset-inline-end: var(--space-4);
    z-index: 1;
    display: flex;
    padding: 2px;
    border-radius: var(--radius-1);
    background: var(--surface-3);
    box-shadow:
      0 0 0 1px var(--line),
      0 2px 6px oklch(0.1 0.01 55 / 18%);
    --button-size: 30px;
    --icon-size: 17px;
  }

  @media (width < 480px) {
    :host {
      column-gap: var(--space-3);
      padding-inline: var(--space-3);
    }
  }
`
