import { css } from 'lit'

export const timelineStyles = css`
  :host {
    position: relative;
    display: flex;
    flex: 1;
    flex-direction: column;
    min-height: 0;
  }

  .scroll {
    flex: 1;
    min-height: 0;
    overflow-anchor: none;
    outline: none;
  }

  .content {
    display: flex;
    flex-direction: column;
    justify-content: flex-end;
    min-height: 100%;
    padding-block: var(--space-4) var(--space-2);
  }

  .start {
    padding: var(--space-8) var(--space-4) var(--space-2);
    --avatar-size: 64px;
  }

  .start h2 {
    margin-block: var(--space-3) 4px;
    font-size: 24px;
    font-weight: 700;
    letter-spacing: -0.015em;
    line-height: 1.25;
    overflow-wrap: anywhere;
  }

  .start p {
    color: var(--text-2);
    font-size: 15px;
    overflow-wrap: anywhere;
  }

  .separator {
    display: flex;
    align-items: center;
    gap: var(--space-3);
    margin: var(--space-5) var(--space-4) 0;
    color: var(--text-3);
    font-size: var(--text-tiny);
    font-weight: 600;
  }

  .separator::before,
  .separator::after {
    content: '';
    flex: 1;
    height: 1px;
    background: var(--line);
  }

  .separator[data-new] {
    margin-block-start: var(--space-3);
    color: var(--accent-text);
    font-weight: 700;
  }

  .separator[data-new]::before {
    background: var(--accent);
  }

  .separator[data-new]::after {
    flex: 0 0 0;
    display: none;
  }

  .state {
    display: grid;
    grid-template-columns: 40px minmax(0, 1fr) auto;
    gap: 0 var(--space-4);
    align-items: baseline;
    margin-block-start: 6px;
    padding: 2px var(--space-4);
    color: var(--text-3);
    font-size: var(--text-small);
    line-height: 1.45;
    outline: none;
  }

  .state:focus-visible {
    box-shadow: inset 0 0 0 2px var(--focus);
  }

  .state span {
    grid-column: 2;
    overflow-wrap: anywhere;
  }

  .state time {
    font-size: 11px;
    font-variant-numeric: tabular-nums;
  }

  .older {
    position: absolute;
    inset-block-start: var(--space-2);
    inset-inline: 0;
    z-index: 2;
    display: flex;
    justify-content: center;
    pointer-events: none;
  }

  .older > * {
    display: flex;
    align-items: center;
    gap: var(--space-2);
    padding: 6px 14px;
    border-radius: var(--radius-full);
    background: var(--surface-3);
    box-shadow: var(--shadow-float);
    color: var(--text-2);
    font-size: var(--text-small);
    pointer-events: auto;
  }

  .older hearth-spinner {
    width: 16px;
    height: 16px;
  }

  .jump {
    position: absolute;
    inset-block-end: 32px;
    inset-inline-end: var(--space-4);
    z-index: 2;
  }

  .jump .button {
    border-radius: var(--radius-full);
    background: var(--surface-3);
    box-shadow: var(--shadow-float);
    --icon-size: 16px;
  }

  .jump .button[data-variant='primary'] {
    background: var(--accent);
  }

  .typing {
    flex: none;
    height: 22px;
    padding: 0 var(--space-4) 0 var(--space-5);
    overflow: hidden;
    color: var(--text-2);
    font-size: var(--text-small);
    line-height: 20px;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .dots {
    display: inline-flex;
    gap: 3px;
    margin-inline-end: 6px;
  }

  .dots i {
    width: 5px;
    height: 5px;
    border-radius: 50%;
    background: currentcolor;
    animation: breathe 1.2s ease-in-out infinite;
  }

  .dots i:nth-child(2) {
    animation-delay: 150ms;
  }

  .dots i:nth-child(3) {
    animation-delay: 300ms;
  }

  @keyframes breathe {
    0%,
    60%,
    100% {
      opacity: 0.3;
    }

    30% {
      opacity: 1;
    }
  }

  @media (prefers-reduced-motion: reduce) {
    .dots i {
      animation: none;
    }
  }

  @media (width < 480px) {
    .state {
      column-gap: var(--space-3);
      padding-inline: var(--space-3);
    }

    .separator {
      margin-inline: var(--space-3);
    }
  }
`
