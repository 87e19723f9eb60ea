import { css } from 'lit'

export const registrationLinksStyles = css`
  .lead {
    margin-block-end: var(--space-4);
    color: var(--text-2);
  }

  .created {
    display: flex;
    gap: var(--space-2);
  }

  .created input {
    font-family: var(--font-mono);
    font-size: 13px;
  }

  h3 {
    margin-block: var(--space-6) var(--space-2);
    color: var(--text-2);
    font-size: var(--text-small);
    font-weight: 600;
  }

  li {
    display: flex;
    align-items: center;
    gap: 2px;
    min-height: 48px;
    border-block-start: 1px solid var(--line);
    --icon-size: 18px;
  }

  li > div {
    flex: 1;
    min-width: 0;
    padding-block: 6px;
    line-height: 1.35;
  }

  code,
  small {
    display: block;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  code {
    font: 500 14px var(--font-mono);
  }

  small {
    color: var(--text-3);
    font-size: var(--text-tiny);
  }

  li[data-expired] code {
    color: var(--text-3);
    text-decoration: line-through;
  }

  .none {
    color: var(--text-3);
    font-size: 14px;
  }
`
