// The command line: help, exit statuses, configuration and what a wrong one says.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { livetape } from './harness/command.mjs';
import { request } from './harness/raw.mjs';
import { Server, serve } from './harness/server.mjs';

let folder;
before(() => (folder = mkdtempSync(join(tmpdir(), 'livetape-cli-'))));
after(() => rmSync(folder, { recursive: true, force: true }));

function writeConfig(text) {
  const file = join(folder, `livetape-${Math.random().toString(36).slice(2)}.toml`);
  writeFileSync(file, text);
  return file;
}

const lines = (text) => text.split('\n').filter((line) => line !== '');

describe('help and usage', () => {
  for (const command of [[], ['serve'], ['replay'], ['config'], ['check-config'], ['version']]) {
    test(`livetape ${[...command, '--help'].join(' ')}`, async () => {
      const { status, stdout } = await livetape([...command, '--help']);
      assert.equal(status, 0);
      assert.ok(lines(stdout).length > 2, stdout);
      assert.ok(stdout.includes(command[0] ?? 'serve'), stdout);
    });
  }

  test('the help of serve names its flags, that of livetape its commands', async () => {
    const serveHelp = (await livetape(['serve', '--help'])).stdout;
    for (const flag of ['--config', '--host', '--port', '--source', '--set', '--insecure']) {
      assert.ok(serveHelp.includes(flag), `${flag} in ${serveHelp}`);
    }
    const help = (await livetape(['--help'])).stdout;
    for (const command of ['serve', 'replay', 'config', 'check-config', 'version']) {
      assert.ok(help.includes(command), `${command} in ${help}`);
    }
  });

  test('version prints one line', async () => {
    const { status, stdout } = await livetape(['version']);
    assert.equal(status, 0);
    assert.equal(lines(stdout).length, 1);
    assert.match(stdout, /^livetape \d+\.\d+/);
  });

  test('--version says the same as version', async () => {
    const flag = await livetape(['--version']);
    assert.equal(flag.status, 0, flag.stderr);
    assert.equal(flag.stdout, (await livetape(['version'])).stdout);
  });

  test('a command that is not there is named, with what was meant', async () => {
    const said = async (args) => (await livetape(args)).stderr;
    assert.match(await said(['serv', '--port', '1']), /no command serv; did you mean serve\?/);
    assert.match(await said(['tape', 'chek']), /no command chek; did you mean check\?/);
    assert.match(await said(['dance']), /no command dance; there are serve, config, /);
    assert.doesNotMatch(await said(['dance']), /worker/);
  });

  const wrong = [
    [],
    ['dance'],
    ['serve', '--wrong'],
    ['serve', '--port'],
    ['serve', '--set', 'nonsense'],
    ['serve', 'stray'],
    ['replay'],
    ['version', '--wrong'],
  ];
  for (const args of wrong) {
    test(`livetape ${args.join(' ')} is wrong usage: exit 2, told on stderr`, async () => {
      const { status, stdout, stderr } = await livetape(args);
      assert.equal(status, 2, stderr);
      assert.equal(stdout, '');
      assert.ok(lines(stderr).length >= 1);
    });
  }
});

describe('configuration', () => {
  const impossible = [
    [['--port', 'http'], 'server.port', /0 to 65535/],
    [['--port', '70000'], 'server.port', /0 to 65535/],
    [['--source', 'oracle'], 'market.source', /synthetic.*none.*replay:FILE/],
    [['--source', 'replay:file,speed=-1'], 'market.source', /speed=N/],
    [['--set', 'server.prot=1'], 'server.prot', /server\.port/],
    [['--set', 'market.rate=1e9'], 'market.rate', /100000/],
  ];
  for (const [args, key, allowed] of impossible) {
    test(`livetape serve ${args.join(' ')} stops: flag, key, what is allowed`, async () => {
      const { status, stdout, stderr } = await livetape(['serve', ...args]);
      assert.equal(status, 1, stderr);
      assert.equal(stdout, '');
      assert.equal(lines(stderr).length, 1, stderr);
      assert.ok(stderr.includes(args[0]) && stderr.includes(key), stderr);
      assert.match(stderr, allowed);
    });
  }

  test('a fault names file, line, key and what is allowed', async () => {
    const faults = [
      ['[server]\nport = 9000\nprot = 1\n', 3, 'server.prot', /server\.port/],
      ['[server]\nport = "many"\n', 2, 'server.port', /0 to 65535/],
      ['\n\n[log]\nlevel = "loud"\n', 4, 'log.level', /debug.*info.*warning.*error/],
      ['[sse]\nheartbeat_s = -1\n', 2, 'sse.heartbeat_s', /\bto\b/],
      ['[sever]\nport = 1\n', 1, 'sever', /server/],
      ['[server]\nport = = 1\n', 2, 'TOML', /./],
    ];
    for (const [text, line, key, allowed] of faults) {
      const file = writeConfig(text);
      for (const command of ['check-config', 'serve', 'config']) {
        const { status, stdout, stderr } = await livetape([command, '--config', file]);
        assert.equal(status, 1, `${command}: ${stderr}`);
        assert.equal(stdout, '');
        assert.equal(lines(stderr).length, 1, stderr);
        assert.ok(stderr.includes(`${file}:${line}`), stderr);
        assert.ok(stderr.includes(key), stderr);
        assert.match(stderr, allowed);
      }
    }
  });

  test('check-config accepts a good file and needs nothing else', async () => {
    const file = writeConfig(
      '[server]\nport = 9000\n[market]\nsource = "none"\n[market.interval]\nAAPL = "500ms"\n',
    );
    const { status, stderr } = await livetape(['check-config', '--config', file]);
    assert.equal(status, 0, stderr);
  });

  test('check-config refuses what serve refuses, unless it is meant', async () => {
    const open = ['--set', 'server.host=0.0.0.0'];
    const { status, stderr } = await livetape(['check-config', ...open]);
    assert.equal(status, 1);
    assert.match(stderr, /auth\.mode.*--insecure/s);
    assert.equal((await livetape(['check-config', '--insecure', ...open])).status, 0);
    assert.equal((await livetape(['config', ...open])).status, 0, 'prints what there is');
  });

  test('a missing file and a faulty variable are told', async () => {
    const missing = await livetape(['check-config', '--config', join(folder, 'absent.toml')]);
    assert.equal(missing.status, 1);
    assert.match(missing.stderr, /absent\.toml/);
    const variable = await livetape(['check-config'], { env: { LIVETAPE_SERVER_PORT: 'x' } });
    assert.equal(variable.status, 1);
    assert.match(variable.stderr, /LIVETAPE_SERVER_PORT/);
  });

  test('config prints values with their origin: flags, environment, file, defaults', async () => {
    const file = writeConfig('[server]\nport = 9001\ndrain_s = 3\n[log]\nlevel = "debug"\n');
    const { status, stdout } = await livetape(
      ['config', '--config', file, '--set', 'server.port=9003'],
      { env: { LIVETAPE_SERVER_PORT: '9002', LIVETAPE_LOG_LEVEL: 'warning' } },
    );
    assert.equal(status, 0);
    const line = (key) => lines(stdout).find((each) => each.startsWith(`${key} = `));
    assert.match(line('server.port'), /= 9003\b.*--set/);
    assert.match(line('log.level'), /= "warning".*LIVETAPE_LOG_LEVEL/);
    assert.ok(
      line('server.drain_s').includes('= 3') && line('server.drain_s').includes(`${file}:3`),
    );
    assert.match(line('server.host'), /= "127\.0\.0\.1".*default/);

    for (const [flags, port] of [
      [['--port', '1', '--set', 'server.port=2'], 2],
      [['--set', 'server.port=2', '--port', '1'], 1],
      [['--set', 'server.port=2', '--port=1', '--set=server.port=3'], 3],
    ]) {
      const given = await livetape(['config', ...flags, '--set', 'server.data_dir=a']);
      assert.match(given.stdout, new RegExp(`^server\\.port = ${port} `, 'm'), flags.join(' '));
    }
    const folder = ['--set', 'server.data_dir=a', '--data-dir', 'b'];
    assert.match((await livetape(['config', ...folder])).stdout, /^server\.data_dir = "b"/m);

    const again = await livetape(['config', '--config', writeConfig(stdout)]);
    assert.equal(again.status, 0, `its output is a configuration file: ${again.stderr}`);
  });

  test('the file is obeyed', async (t) => {
    const file = writeConfig('[market]\nsymbols = ["ONE", "TWO"]\nrate = 5\n');
    const server = await serve(t, ['--config', file]);
    const answer = (await request(server, '/api/v1/symbols')).text;
    assert.ok(
      answer.includes('"ONE"') && answer.includes('"TWO"') && !answer.includes('"AAPL"'),
      answer,
    );
  });
});

describe('starting', () => {
  async function assertPortRefused(port) {
    const { status, stdout, stderr } = await livetape([
      'serve',
      '--port',
      String(port),
      '--source',
      'none',
    ]);
    assert.equal(status, 1, stderr);
    assert.equal(stdout, '');
    const errors = lines(stderr).filter((line) => line.includes(String(port)));
    assert.equal(errors.length, 1, stderr);
    assert.match(errors[0], /in use/);
  }

  test('a port that another program has: one clear line, exit 1', async () => {
    const other = net.createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    try {
      await assertPortRefused(other.address().port);
    } finally {
      other.close();
    }
  });

  test('a port that another livetape has is not shared', async (t) => {
    const first = await serve(t, ['--source', 'none', '--set', 'server.threads=2']);
    await assertPortRefused(first.port);
  });

  test('an address that others can reach is refused, naming the ways out', async () => {
    for (const host of ['0.0.0.0', '::', '192.0.2.1']) {
      const { status, stderr } = await livetape(['serve', '--host', host, '--port', '0']);
      assert.equal(status, 1, stderr);
      assert.match(stderr, /auth\.mode/);
      assert.match(stderr, /--insecure/);
    }
  });

  test('--insecure means it', async (t) => {
    const server = await serve(t, ['--host', '0.0.0.0', '--insecure', '--source', 'none']);
    assert.equal((await request(server, '/healthz')).status, 200);
    const announced = { headers: { Host: `${server.host}:${server.port}` } };
    assert.equal((await request(server, '/healthz', announced)).status, 200, server.host);
  });

  test('another loopback address is served', async (t) => {
    const server = await serve(t, ['--host', '127.0.0.3', '--source', 'none']);
    assert.equal(server.host, '127.0.0.3');
  });

  test('SIGINT ends it as cleanly as SIGTERM', async () => {
    const server = await Server.start(['--source', 'none']);
    await server.stop('SIGINT');
  });
});
