import '@angular/compiler'; // no build step here: templates are compiled in the browser
import { bootstrapApplication } from '@angular/platform-browser';

import { Board, LIVETAPE } from './angular/board.component';
import { root, server, token } from './site';

root.append(document.createElement('app-board'));
void bootstrapApplication(Board, {
  providers: [{ provide: LIVETAPE, useValue: { server, token } }],
});
