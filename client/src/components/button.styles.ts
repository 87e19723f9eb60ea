import { css } from 'lit'

/**
 * Buttons stay native elements, so that a form is sent with the Enter key and password managers
 * recognise it: `<button class="button" data-variant="primary | secondary | danger | quiet">`.
 */
export const buttonStyles = css`
  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: var(--space-2);
    min-height: 38px;
    padding: 0 var(--space-4);
    border: 1px solid transparent;
    border-radius: var(--radius-1);
    background: var(--surface-active);
    color: var(--text-1);
    font: 600 14px/1 var(--font);
    text-decoration: none;
    cursor: pointer;
    transition: background-color var(--motion-fast) var(--ease);
  }

  .button:hover {
    background: light-dark(oklch(0.3 0.02 55 / 17%), oklch(1 0 0 / 15%));
  }

  .button[data-variant='primary'] {
    background: var(--accent);
    color: var(--on-accent);
  }

  .button[data-variant='primary']:hover {
    background: var(--accent-hover);
  }

  .button[data-variant='danger'] {
    background: var(--danger);
    color: var(--on-danger);
  }

  .button[data-variant='danger']:hover {
    background: var(--danger-hover);
  }

  .button[data-variant='quiet'] {
    background: transparent;
    color: var(--text-2);
  }

  .button[data-variant='quiet']:hover {
    background: var(--surface-hover);
    color: var(--text-1);
  }

  .button[data-size='small'] {
    min-height: 30px;
    padding: 0 var(--space-3);
    font-size: 13px;
  }

  .button[data-wide] {
    width: 100%;
    min-height: 44px;
    font-size: 15px;
  }

  .button[aria-busy='true'],
  .button:disabled {
    opacity: 0.6;
    cursor: default;
  }

  .link-button {
    padding: 2px;
    border: 0;
    border-radius: 3px;
    background: none;
    color: var(--accent-text);
    font: inherit;
    font-weight: 600;
    text-underline-offset: 2px;
    cursor: pointer;
  }

  .link-button:hover {
    text-decoration: underline;
  }
`
