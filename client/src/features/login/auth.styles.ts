import { css } from 'lit'

/** The page with one card, as sign-in and registration share it. */
export const authStyles = css`
  :host {
    display: grid;
    height: 100%;
    overflow-y: auto;
    place-items: safe center;
    padding: var(--space-6) var(--space-4);
    background:
      radial-gradient(
        1100px 560px at 50% -180px,
        light-dark(oklch(0.86 0.07 60 / 65%), oklch(0.42 0.09 52 / 42%)),
        transparent 70%
      ),
      var(--surface-page);
  }

  main {
    width: min(420px, 100%);
  }

  .brand {
    display: flex;
    align-items: center;
    justify-content: center;
    gap: 10px;
    margin-block-end: var(--space-5);
    font-size: 20px;
    font-weight: 700;
    letter-spacing: -0.01em;
  }

  .brand span {
    display: grid;
    place-items: center;
    width: 36px;
    height: 36px;
    border-radius: 11px;
    background: var(--accent);
    color: var(--on-accent);
  }

  .card {
    padding: var(--space-8);
    border: 1px solid var(--line);
    border-radius: var(--radius-3);
    background: var(--surface-1);
  }

  h1 {
    font-size: 24px;
    font-weight: 700;
    letter-spacing: -0.015em;
    line-height: 1.25;
    text-wrap: balance;
  }

  .lead {
    margin-block: 6px var(--space-6);
    color: var(--text-2);
    font-size: 15px;
    overflow-wrap: anywhere;
  }

  .notice {
    margin-block-end: var(--space-5);
    padding: 12px 14px;
    border-radius: var(--radius-1);
    background: var(--accent-soft);
    color: var(--text-1);
    font-size: 14px;
  }

  .notice strong {
    display: block;
    margin-block-end: 2px;
  }

  details {
    color: var(--text-2);
    font-size: 14px;
  }

  summary {
    width: fit-content;
    padding: 4px 2px;
    border-radius: 4px;
    font-weight: 600;
    cursor: pointer;
  }

  details hearth-text-field {
    margin-block-start: var(--space-3);
  }

  .switch {
    margin-block-start: var(--space-5);
    color: var(--text-2);
    font-size: 14px;
    text-align: center;
  }

  .switch a {
    display: inline-block;
    padding: 3px 4px;
    font-weight: 600;
    text-decoration: none;
  }

  .switch a:hover {
    text-decoration: underline;
  }

  @media (width < 480px) {
    .card {
      padding: var(--space-6) var(--space-5);
    }
  }
`
