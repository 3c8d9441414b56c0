// Takes case and token out of the address at once, so that no history keeps them, and hands them in on a tap.
(() => {
  const [case_id, token] = location.hash.slice(1).split('.');
  history.replaceState(null, '', location.pathname);
  const said = document.getElementById('said');
  const take = document.getElementById('take');
  const tell = (what) => { said.textContent = said.dataset[what]; };
  if (!/^[0-9a-f-]{36}$/.test(case_id) || !/^[0-9a-f]{32}$/.test(token || '')) {
    take.hidden = true;
    tell('bad');
    return;
  }
  take.addEventListener('click', async () => {
    take.disabled = true;
    tell('busy');
    let answer;
    try {
      answer = await fetch(take.dataset.to, {
        method: 'POST', credentials: 'same-origin',
        headers: { 'content-type': 'application/json' }, body: JSON.stringify({ case_id, token }),
      });
    } catch {
      tell('net');
      take.disabled = false;
      return;
    }
    if (answer.status === 204) {
      // The program asks the server for an account only where it has none.
      try { localStorage.setItem('woodlark.account', '1'); } catch { /* kept nowhere */ }
      location.replace('/cases/' + case_id);
      return;
    }
    tell(answer.status === 410 ? 'gone' : answer.status === 404 ? 'none' : 'net');
    take.disabled = answer.status === 410;
  });
})();
