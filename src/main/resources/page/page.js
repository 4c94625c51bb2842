// What the server cannot do: keep ages true while the page is open, show what happens as it happens, carry
// the token, and draw. Without it the page is a page.
(() => {
  'use strict';
  const $ = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const KEY = 'litestow-token';

  // Ages, in the words of the server.
  const units = [['d', 86400], ['h', 3600], ['min', 60], ['s', 1]];
  const length = seconds => {
    for (let i = 0; i < units.length; i++) {
      const whole = Math.floor(seconds / units[i][1]);
      if (whole > 0) {
        const rest = i + 1 < units.length ? Math.floor(seconds % units[i][1] / units[i + 1][1]) : 0;
        return `${whole} ${units[i][0]}` + (rest > 0 ? ` ${rest} ${units[i + 1][0]}` : '');
      }
    }
    return '0 s';
  };
  // In the reader's zone, and the same in every language.
  const two = number => String(number).padStart(2, '0');
  const clock = at => [at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(':');
  const moment = time => {
    const at = new Date(time);
    return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${clock(at)}`;
  };
  const times = () => all('time[data-ago]').forEach(time => {
    const seconds = (Date.now() - Date.parse(time.dateTime)) / 1000;
    const text = seconds < 0 ? `in ${length(Math.ceil(-seconds))}` : `${length(seconds)} ago`;
    if (time.textContent !== text) time.textContent = text;
    if (!time.title) time.title = moment(time.dateTime);
  });
  setInterval(times, 5000);

  // A word at the bottom, read out too.
  let fading;
  const say = text => {
    const toast = $('#toast');
    toast.textContent = text;
    toast.classList.add('shown');
    clearTimeout(fading);
    fading = setTimeout(() => toast.classList.remove('shown'), 8000);
  };

  // The token: in this tab only.
  const dialog = $('#unlock');
  let whenUnlocked = null;
  const token = () => sessionStorage.getItem(KEY);
  const showKey = () => { if ($('#key')) $('#key').textContent = token() ? 'Lock actions' : 'Unlock actions'; };
  const unlock = then => {
    whenUnlocked = then;
    $('#token').value = '';
    dialog.showModal();
  };
  const withToken = then => token() ? then() : unlock(then);
  if (dialog) {
    $('#key').addEventListener('click', () => {
      if (token()) {
        sessionStorage.removeItem(KEY);
        showKey();
        say('Actions are locked.');
      } else {
        unlock(null);
      }
    });
    $('#unlock-cancel').addEventListener('click', () => dialog.close());
    $('#unlock-form').addEventListener('submit', () => {
      sessionStorage.setItem(KEY, $('#token').value);
      showKey();
      const then = whenUnlocked;
      whenUnlocked = null;
      if (then) then(); else say('Actions are unlocked in this tab.');
    });
    showKey();
  }
  document.addEventListener('htmx:configRequest', event => {
    if (token() && event.detail.elt.classList.contains('needs-token')) {
      event.detail.headers.Authorization = `Bearer ${token()}`;
    }
  });
  const refused = (status, detail) => {
    if (status === 401) {
      sessionStorage.removeItem(KEY);
      showKey();
    }
    say(detail || `The service answered ${status}.`);
  };
  document.addEventListener('htmx:responseError', event => {
    let detail = '';
    try { detail = JSON.parse(event.detail.xhr.responseText).detail; } catch { /* not ours */ }
    refused(event.detail.xhr.status, detail);
  });

  // Actions are calls of the API.
  const act = async form => {
    const button = $('button', form);
    button.disabled = true;
    try {
      if (form.dataset.save) return await save(form.dataset.save);
      if (form.dataset.diff) return await compare(form);
      const label = $('input[name=label]', form);
      const answer = await fetch(form.dataset.post + (label ? encodeURIComponent(label.value.trim()) : ''), {
        method: form.dataset.method || 'POST',
        headers: { Authorization: `Bearer ${token()}`, 'Content-Type': 'application/json' },
        body: form.dataset.method ? undefined : form.dataset.body || '{}'
      });
      const json = await answer.json();
      if (!answer.ok) return refused(answer.status, json.detail);
      if (form.dataset.refresh) form.dataset.refresh.split(' ').forEach(refresh);
      say(form.dataset.done || `${form.dataset.what} has begun.` + (json.file ? ` The copy will be ${json.file}.` : ''));
    } catch {
      say('The service cannot be reached.');
    } finally {
      button.disabled = false;
    }
  };
  const save = async address => {
    say('The point is restored to a copy and checked; the download follows.');
    const answer = await fetch(address, { headers: { Authorization: `Bearer ${token()}` } });
    if (!answer.ok) return refused(answer.status, (await answer.json()).detail);
    const name = /filename="([^"]*)"/.exec(answer.headers.get('Content-Disposition') || '');
    const link = document.createElement('a');
    link.href = URL.createObjectURL(await answer.blob());
    link.download = name ? name[1] : 'copy.db';
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    say(`${link.download} is downloaded.`);
  };
  const element = (name, ...content) => {
    const made = document.createElement(name);
    made.append(...content);
    return made;
  };
  const compare = async form => {
    say('Both states are being restored to copies; what differs follows.');
    const query = new URLSearchParams(new FormData(form));
    const answer = await fetch(`${form.dataset.diff}?${query}`, { headers: { Authorization: `Bearer ${token()}` } });
    const diff = await answer.json();
    if (!answer.ok) return refused(answer.status, diff.detail);
    const name = state => state === 'local' ? 'the database as it is now' : state;
    const title = element('h3', `From ${name(diff.from)} to ${name(diff.to)}`);
    const tables = diff.tables.filter(t => t.before !== t.after || t.added + t.removed + t.changed > 0 || t.note);
    const parts = [title];
    if (diff.schema.length + tables.length === 0) parts.push(element('p', 'The same schema and rows.'));
    if (diff.schema.length > 0) {
      parts.push(element('ul', ...diff.schema.map(change => {
        const how = change.before && change.after ? 'changed' : change.after ? 'added' : 'removed';
        return element('li', `${change.type} ${change.name} ${how}`);
      })));
    }
    if (tables.length > 0) {
      const row = (tag, cells) => element('tr', ...cells.map(cell => element(tag, String(cell))));
      const table = element('table',
        element('thead', row('th', ['Table', 'Rows before', 'Rows after', 'Added', 'Removed', 'Changed'])),
        element('tbody', ...tables.map(t => row('td',
          [t.table + (t.note ? ` (${t.note})` : ''), t.before, t.after, t.added, t.removed, t.changed]))));
      table.className = 'diff';
      const wide = element('div', table);
      wide.className = 'wide';
      wide.tabIndex = 0;
      wide.setAttribute('role', 'region');
      wide.setAttribute('aria-label', 'What differs, by table');
      parts.push(wide);
    }
    $('#compared').replaceChildren(...parts);
    say('Compared.');
  };
  document.addEventListener('submit', event => {
    if (event.target.matches('form.act')) {
      event.preventDefault();
      withToken(() => act(event.target));
    }
  });
  document.addEventListener('click', event => {
    const asks = event.target.closest('.needs-token');
    if (asks) withToken(() => htmx.trigger(asks, 'unlocked'));
    const copies = event.target.closest('.copy');
    if (copies) copy(document.getElementById(copies.dataset.copy));
  });
  const copy = async source => {
    try {
      await navigator.clipboard.writeText(source.textContent);
      say('Copied.');
    } catch {
      getSelection().selectAllChildren(source);
      say('Selected: copy it with your keyboard.');
    }
  };
  document.addEventListener('keydown', event => {
    if (event.key === '/' && $('#q') && !event.target.matches('input, select, textarea')) {
      event.preventDefault();
      $('#q').focus();
    }
  });

  // What happens, as it happens; no more often than people read.
  const PAUSE = 1500;
  const due = {};
  const refresh = id => {
    const part = document.getElementById(id);
    if (!part || due[id]) return;
    const wait = Math.max(0, (part.refreshed || 0) + PAUSE - Date.now());
    due[id] = setTimeout(() => {
      due[id] = null;
      part.refreshed = Date.now();
      htmx.trigger(part, 'refresh');
    }, wait);
  };
  const link = (state, text) => {
    $('#link').className = `link ${state}`;
    if ($('#link .text').textContent !== text) $('#link .text').textContent = text;
  };
  const database = $('#top') ? $('#top').dataset.database : null;
  document.addEventListener('htmx:sseError', () => link('off', 'Not live: reconnecting'));
  document.addEventListener('htmx:sseOpen', event => {
    link('on', 'Live');
    const source = event.detail.source;
    if (source.heard) return;
    source.heard = true;
    let begun = false;
    source.addEventListener('runs', message => {
      if (!$('#now')) return;
      const runs = JSON.parse(message.data).runs.filter(run => !database || run.database === database);
      if (runs.length > 0 || $('#now').children.length > 0) htmx.trigger('#now', 'refresh');
    });
    source.addEventListener('ended', message => {
      if (!database) return;
      if (JSON.parse(message.data).database === database) {
        refresh('one');
        refresh('points');
      }
    });
    source.addEventListener('summary', () => {
      // The first one is what the page shows already, unless the line was lost meanwhile.
      if (begun || $('#link').dataset.lost) ['board', 'list'].forEach(refresh);
      begun = true;
      $('#link').dataset.lost = 'yes';
    });
  });
  setInterval(() => { if (!document.hidden) ['board', 'list'].forEach(refresh); }, 60000);

  // Charts.
  const size = bytes => {
    const names = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
    let i = 0;
    while (bytes >= 1024 && i + 1 < names.length) { bytes /= 1024; i++; }
    return `${bytes >= 100 || i === 0 ? Math.round(bytes) : bytes.toFixed(1)} ${names[i]}`;
  };
  const seconds = value => value >= 60 ? length(value) : `${value >= 10 ? Math.round(value) : +value.toFixed(2)} s`;
  // uPlot's own have the month before the day, and am and pm.
  const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
  const dates = (u, times, axis, space, step) => times.map(time => {
    const at = new Date(time * 1000);
    if (step >= 86400 || at.getHours() + at.getMinutes() + at.getSeconds() === 0) {
      return `${at.getDate()} ${months[at.getMonth()]}`;
    }
    return clock(at).slice(0, step >= 60 ? 5 : 8);
  });
  const incrs = [...Array(46).keys()].map(power => 2 ** power);
  const draw = () => {
    if (!window.uPlot) return;
    const style = getComputedStyle(document.documentElement);
    const colour = name => style.getPropertyValue(name).trim();
    all('.chart').forEach(box => {
      const words = box.dataset.unit === 'bytes' ? size : seconds;
      const names = box.dataset.names.split(',');
      const data = [box.dataset.x, box.dataset.y, box.dataset.z].map(text => JSON.parse(text));
      const axis = { stroke: colour('--soft'), grid: { stroke: colour('--line'), width: 1 }, ticks: { show: false } };
      const line = (label, stroke, dash) => ({
        label, stroke, dash, width: 2, spanGaps: true, points: { show: data[0].length < 40, size: 5, fill: stroke }
      });
      const said = $('.said', box.parentElement);
      const plain = said.cloneNode(true);
      const tell = u => {
        const at = u.cursor.idx;
        if (at == null) return said.replaceChildren(...plain.cloneNode(true).childNodes);
        const parts = [1, 2].filter(i => u.data[i][at] != null).map(i => `${names[i - 1]} ${words(u.data[i][at])}`);
        said.textContent = `${moment(u.data[0][at] * 1000)}, ${parts.join(', ')}`;
      };
      box.textContent = '';
      new uPlot({
        width: Math.max(240, box.clientWidth),
        height: 190,
        cursor: { y: false },
        legend: { show: false },
        hooks: { setCursor: [tell] },
        scales: { y: { range: (u, low, high) => [0, high > 0 ? high * 1.15 : 1] } },
        axes: [{ ...axis, size: 28, values: dates }, { ...axis, size: 74, values: (u, values) => values.map(words), ...(words === size ? { incrs } : {}) }],
        series: [
          {},
          line(names[0], colour('--sure')),
          line(names[1], colour('--wait'), [5, 4])
        ]
      }, data, box);
    });
  };
  let resizing;
  addEventListener('resize', () => {
    clearTimeout(resizing);
    resizing = setTimeout(draw, 200);
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);

  document.addEventListener('htmx:afterSwap', event => {
    times();
    if (event.detail.target.id === 'one') draw();
    if (event.detail.target.id === 'restore' && $('.preview')) {
      $('.preview').scrollIntoView({ block: 'nearest' });
      $('.preview').focus();
    }
  });
  times();
  draw();
})();
