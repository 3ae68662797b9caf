
'use strict';
(() => {
  const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch'];
  const MOST_REFERENCES = 16;
  const MOST_SHOWN = 262144;
  const api = JSON.parse(document.getElementById('document').textContent);

  const own = (object, name) =>
    object !== null && typeof object === 'object' && Object.hasOwn(object, name) ? object[name] : undefined;
  const text = (value) => (typeof value === 'string' ? value : '');
  const list = (value) => (Array.isArray(value) ? value : []);

  // What came from the document becomes text here, and nothing else.
  const element = (name, content, ...children) => {
    const made = document.createElement(name);
    if (content) {
      made.textContent = content;
    }
    made.append(...children);
    return made;
  };

  const resolved = (value) => {
    let at = value;
    for (let i = 0; i < MOST_REFERENCES; i++) {
      const ref = text(own(at, '$ref'));
      if (!ref.startsWith('#/')) {
        return at;
      }
      at = api;
      for (const part of ref.slice(2).split('/')) {
        at = own(at, decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~'));
      }
    }
    return at;
  };

  const exampleOf = (holder) => {
    const schema = resolved(own(holder, 'schema'));
    const named = Object.values(own(holder, 'examples') ?? {}).map((e) => own(resolved(e), 'value'));
    const found = [own(holder, 'example'), ...named, own(schema, 'example'),
      ...list(own(schema, 'examples')), own(schema, 'default')].filter((e) => e !== undefined);
    return found.length > 0 ? found[0] : undefined;
  };

  const shown = (value) => {
    if (value === undefined) {
      return '';
    }
    return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
  };

  const parametersOf = (item, operation) => {
    const all = new Map();
    for (const parameter of [...list(own(item, 'parameters')), ...list(own(operation, 'parameters'))].map(resolved)) {
      const place = text(own(parameter, 'in'));
      if (['path', 'query', 'header'].includes(place)) {
        all.set(place + ' ' + text(own(parameter, 'name')), parameter);
      }
    }
    return [...all.values()];
  };

  // A segment, or with {name+} the rest of the path, whose slashes stay.
  const pathOf = (template, values) =>
    template.replace(/\{([^{}+]+)(\+?)\}/g, (_, name, rest) => {
      const value = values.get(name) ?? '';
      return rest ? value.split('/').map(encodeURIComponent).join('/') : encodeURIComponent(value);
    });

  const answerOf = async (request) => {
    try {
      const began = performance.now();
      const response = await fetch(request.url, request.options);
      const body = await response.text();
      const took = Math.round(performance.now() - began);
      const headers = [...response.headers].map(([name, value]) => name + ': ' + value).join('\n');
      const cut = body.length > MOST_SHOWN ? body.slice(0, MOST_SHOWN) + '\n...' : body;
      return response.status + ' ' + response.statusText + ' (' + took + ' ms)\n' + headers + '\n\n' + cut;
    } catch (error) {
      return 'No answer: ' + error.message;
    }
  };

  const show = (path, method, item, operation) => {
    const keyed = list(own(operation, 'security')).length > 0;
    const body = resolved(own(operation, 'requestBody'));
    const contents = Object.entries(own(body, 'content') ?? {});
    const summary = element('summary', '', element('b', method.toUpperCase()), ' ', element('code', path),
      ' ' + text(own(operation, 'summary')) + (keyed ? ' (needs a key)' : ''));
    const details = element('details', '', summary, element('p', text(own(operation, 'description'))));

    const inputs = parametersOf(item, operation).map((parameter) => {
      const input = element('input');
      const example = exampleOf(parameter);
      input.value = example === undefined ? '' : shown(example);
      const required = own(parameter, 'required') === true ? ' *' : '';
      details.append(element('label', '',
        element('span', text(own(parameter, 'name')) + ' (' + text(own(parameter, 'in')) + ')' + required), input));
      return { parameter, input };
    });
    // What the path names and no parameter describes is asked for as well.
    for (const [, name] of path.matchAll(/\{([^{}+]+)\+?\}/g)) {
      if (!inputs.some(({ parameter }) => own(parameter, 'in') === 'path' && own(parameter, 'name') === name)) {
        const input = element('input');
        details.append(element('label', '', element('span', name + ' (path) *'), input));
        inputs.push({ parameter: { in: 'path', name }, input });
      }
    }

    const type = element('select');
    const area = element('textarea');
    if (contents.length > 0) {
      type.append(...contents.map(([name]) => element('option', name)));
      const prefill = () => { area.value = shown(exampleOf(contents[type.selectedIndex][1])); };
      type.addEventListener('change', prefill);
      prefill();
      details.append(element('label', '', element('span', 'Body'), type), area);
    }

    const send = element('button', 'Send');
    const answer = element('pre');
    answer.hidden = true;
    send.addEventListener('click', async () => {
      const values = new Map();
      const query = new URLSearchParams();
      const headers = new Headers();
      try {
        for (const { parameter, input } of inputs) {
          const name = own(parameter, 'name');
          if (own(parameter, 'in') === 'path') {
            values.set(name, input.value);
          } else if (input.value !== '') {
            if (own(parameter, 'in') === 'query') {
              query.append(name, input.value);
            } else {
              headers.set(name, input.value);
            }
          }
        }
        const key = document.getElementById('key').value;
        if (keyed && key !== '') {
          headers.set('Authorization', 'Bearer ' + key);
        }
        const options = { method: method.toUpperCase(), headers, credentials: 'omit', referrerPolicy: 'no-referrer' };
        if (contents.length > 0 && area.value !== '' && method !== 'get' && method !== 'head') {
          headers.set('Content-Type', type.value);
          options.body = area.value;
        }
        const search = query.toString();
        const url = document.getElementById('server').value + pathOf(path, values) + (search ? '?' + search : '');
        answer.textContent = '...';
        answer.hidden = false;
        send.disabled = true;
        answer.textContent = await answerOf({ url, options });
      } catch (error) {
        answer.hidden = false;
        answer.textContent = 'Not sent: ' + error.message;
      } finally {
        send.disabled = false;
      }
    });
    details.append(send, answer);
    document.getElementById('operations').append(details);
  };

  const info = own(api, 'info');
  document.title = text(own(info, 'title'));
  document.getElementById('title').textContent = document.title;
  document.getElementById('description').textContent = text(own(info, 'description'));
  const server = document.getElementById('server');
  server.append(...list(own(api, 'servers')).map((s) => element('option', text(own(s, 'url')).replace(/\/$/, ''))));
  for (const [path, written] of Object.entries(own(api, 'paths') ?? {})) {
    const item = resolved(written);
    for (const method of METHODS) {
      const operation = own(item, method);
      if (path.startsWith('/') && operation) {
        show(path, method, item, operation);
      }
    }
  }
})();
