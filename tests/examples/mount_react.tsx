import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

import { Board } from './react/Board';
import { root, server, token } from './site';

createRoot(root).render(
  <StrictMode>
    <Board server={server} token={token} />
  </StrictMode>,
);
