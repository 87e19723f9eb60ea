import { css } from 'lit'

export const roomsStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    min-height: 0;
  }

  .header {
    display: flex;
    align-items: center;
    gap: var(--space-2);
    height: var(--header-height);
    padding: 0 var(--space-2) 0 var(--space-4);
    border-block-end: 1px solid var(--line);
  }

  .brand {
    display: grid;
    flex: none;
    place-items: center;
    width: 26px;
    height: 26px;
    border-radius: 8px;
    background: var(--accent);
    color: var(--on-accent);
    --icon-size: 17px;
  }

  h1 {
    flex: 1;
    overflow: hidden;
    font-size: 16px;
    font-weight: 700;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .filter {
    position: relative;
    padding: var(--space-2) var(--space-2) 0;
  }

  .filter hearth-icon {
    position: absolute;
    inset-block-start: 17px;
    inset-inline-start: 18px;
    color: var(--text-3);
    --icon-size: 16px;
    pointer-events: none;
  }

  .filter input {
    width: 100%;
    height: 34px;
    padding: 0 10px 0 34px;
    border: 1px solid transparent;
    border-radius: var(--radius-1);
    background: var(--surface-hover);
    color: var(--text-1);
    font: 400 14px var(--font);
  }

  .filter input::placeholder {
    color: var(--text-3);
    opacity: 1;
  }

  .filter input:focus-visible {
    outline-offset: -1px;
  }

  .scroll {
    flex: 1;
    min-height: 0;
    padding: var(--space-2);
  }

  h2 {
    padding: var(--space-3) var(--space-2) 6px;
    color: var(--text-3);
    font-size: var(--text-tiny);
    font-weight: 700;
    letter-spacing: 0.02em;
  }

  .scroll > section:first-child h2 {
    padding-block-start: var(--space-1);
  }

  .room {
    position: relative;
    display: flex;
    align-items: center;
    gap: 10px;
    min-height: 44px;
    padding: 5px 8px;
    border-radius: var(--radius-1);
    color: var(--text-2);
    text-decoration: none;
    --avatar-size: 32px;
  }

  .room:hover {
    background: var(--surface-hover);
    color: var(--text-1);
  }

  .room[aria-current] {
    background: var(--surface-active);
    color: var(--text-1);
  }

  .room:focus-visible {
    outline-offset: -2px;
  }

  .room[data-unread] {
    color: var(--text-1);
    font-weight: 600;
  }

  .room[data-unread]::before {
    content: '';
    position: absolute;
    inset-inline-start: -8px;
    width: 4px;
    height: 12px;
    border-radius: 0 4px 4px 0;
    background: var(--text-1);
  }

  .name {
    flex: 1;
    overflow: hidden;
    font-size: 15px;
    line-height: 1.3;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .invitation {
    display: grid;
    grid-template-columns: auto 1fr;
    gap: 2px 10px;
    align-items: center;
    margin-block-end: var(--space-2);
    padding: 10px;
    border: 1px solid var(--line);
    border-radius: var(--radius-2);
    background: var(--surface-1);
    --avatar-size: 36px;
  }

  .invitation .who {
    min-width: 0;
  }

  .invitation strong,
  .invitation small {
    display: block;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .invitation strong {
    font-size: 15px;
    font-weight: 600;
  }

  .invitation small {
    color: var(--text-2);
    font-size: var(--text-small);
  }

  .answers {
    display: grid;
    grid-column: 1 / -1;
    grid-template-columns: 1fr 1fr;
    gap: var(--space-2);
    margin-block-start: var(--space-2);
  }

  .empty {
    padding: var(--space-6) var(--space-4);
    color: var(--text-2);
    font-size: 14px;
    text-align: center;
    text-wrap: balance;
  }

  .empty strong {
    display: block;
    margin-block-end: 4px;
    color: var(--text-1);
    font-size: 15px;
  }

  .empty .button {
    margin-block-start: var(--space-4);
  }

  .form-error {
    margin: var(--space-2);
  }
`
