import { css } from 'lit'

/** Fields of `hearth-text-field`, native selects and choices, in the root that holds the form. */
export const formStyles = css`
  form,
  .form {
    display: flex;
    flex-direction: column;
    gap: var(--space-4);
    margin: 0;
  }

  hearth-text-field {
    display: block;
  }

  .field-label {
    display: block;
    margin-block-end: 6px;
    color: var(--text-2);
    font-size: var(--text-small);
    font-weight: 600;
  }

  .field-box {
    position: relative;
    display: flex;
  }

  .field-input,
  .field-select {
    flex: 1;
    width: 100%;
    min-width: 0;
    min-height: 42px;
    padding: 8px 12px;
    border: 1px solid var(--line-strong);
    border-radius: var(--radius-1);
    background: var(--surface-input);
    color: var(--text-1);
    font: inherit;
    font-size: 15px;
    transition: border-color var(--motion-fast) var(--ease);
  }

  .field-input::placeholder {
    color: var(--text-3);
    opacity: 1;
  }

  .field-input:focus-visible,
  .field-select:focus-visible {
    border-color: var(--focus);
    outline: 2px solid var(--focus);
    outline-offset: -1px;
  }

  .field-input[aria-invalid='true'] {
    border-color: var(--danger-text);
  }

  .field-input[type='password'],
  .field-input[data-reveals] {
    padding-inline-end: 46px;
  }

  .field-reveal {
    position: absolute;
    inset-block: 4px;
    inset-inline-end: 4px;
    display: grid;
    place-items: center;
    width: 36px;
    border: 0;
    border-radius: 5px;
    background: none;
    color: var(--text-2);
    cursor: pointer;
  }

  .field-reveal:hover {
    background: var(--surface-hover);
    color: var(--text-1);
  }

  .field-hint,
  .field-error {
    margin: 6px 0 0;
    color: var(--text-3);
    font-size: var(--text-small);
    line-height: 1.4;
    overflow-wrap: anywhere;
  }

  .field-error {
    display: flex;
    gap: 6px;
    color: var(--danger-text);
  }

  .field-row {
    display: grid;
    grid-template-columns: 1fr 1fr;
    gap: var(--space-3);
  }

  .form-error {
    display: flex;
    gap: 10px;
    padding: 10px 12px;
    border-radius: var(--radius-1);
    background: var(--danger-soft);
    color: var(--danger-text);
    font-size: 14px;
    line-height: 1.4;
    overflow-wrap: anywhere;
  }

  .form-error hearth-icon,
  .field-error hearth-icon {
    flex: none;
    margin-block-start: 1px;
  }

  /* A place for errors takes no room, nor a gap, while there is none. */
  form > [role='alert']:not(:has(*)),
  .form > [role='alert']:not(:has(*)) {
    margin-block-start: calc(-1 * var(--space-4));
  }

  .form-actions {
    display: flex;
    flex-wrap: wrap;
    justify-content: flex-end;
    gap: var(--space-2);
    margin-block-start: var(--space-2);
  }
`
