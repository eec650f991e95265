import { createApp } from 'vue';

import { root, server, token } from './site';
import Board from './vue/Board.vue';

createApp(Board, { server, token }).mount(root);
