import { css } from 'lit'

export const homeStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    height: 100%;
    overflow: hidden;
  }

  .panes {
    position: relative;
    display: grid;
    flex: 1;
    grid-template-columns: 256px minmax(0, 1fr);
    grid-template-rows: minmax(0, 1fr);
    min-height: 0;
  }

  .panes[data-members='pinned'] {
    grid-template-columns: 256px minmax(0, 1fr) 248px;
  }

  .rooms {
    border-inline-end: 1px solid var(--line);
    background: var(--surface-2);
  }

  .conversation {
    display: flex;
    flex-direction: column;
    min-width: 0;
    min-height: 0;
    background: var(--surface-1);
  }

  .members {
    border-inline-start: 1px solid var(--line);
    background: var(--surface-2);
  }

  .drawer {
    position: absolute;
    inset-block: 0;
    inset-inline-end: 0;
    z-index: 11;
    width: min(300px, 86vw);
    box-shadow: var(--shadow-dialog);
    animation: slide var(--motion-base) var(--ease);
  }

  .scrim {
    position: absolute;
    inset: 0;
    z-index: 10;
    padding: 0;
    border: 0;
    background: var(--scrim);
  }

  @keyframes slide {
    from {
      transform: translateX(24px);
      opacity: 0;
    }
  }

  .welcome {
    display: grid;
    flex: 1;
    place-content: safe center;
    justify-items: center;
    gap: var(--space-2);
    padding: var(--space-8) var(--space-6);
    overflow-y: auto;
    color: var(--text-2);
    text-align: center;
    --avatar-size: 72px;
  }

  .welcome .sign {
    display: grid;
    place-items: center;
    width: 72px;
    height: 72px;
    margin-block-end: var(--space-3);
    border-radius: 24px;
    background: var(--accent-soft);
    color: var(--accent-text);
    --icon-size: 36px;
  }

  .welcome hearth-avatar {
    margin-block-end: var(--space-3);
  }

  .welcome h2 {
    color: var(--text-1);
    font-size: 24px;
    font-weight: 700;
    letter-spacing: -0.015em;
    line-height: 1.25;
    overflow-wrap: anywhere;
  }

  .welcome p {
    max-width: 42ch;
    text-wrap: balance;
  }

  .welcome .actions {
    display: flex;
    flex-wrap: wrap;
    justify-content: center;
    gap: var(--space-2);
    margin-block-start: var(--space-4);
  }

  @media (width < 720px) {
    .panes {
      grid-template-columns: minmax(0, 1fr);
    }

    .panes[data-view='room'] .rooms,
    .panes[data-view='list'] .conversation {
      display: none;
    }

    .rooms {
      border: 0;
    }
  }
`
