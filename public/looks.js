/* For the pages that the server writes: as large and as dark as the app is on this device. */
(function (page) {
  ['scale', 'theme'].forEach(function (name) {
    try {
      var kept = localStorage.getItem('woodlark.' + name);
      if (kept) page.setAttribute('data-' + name, kept);
    } catch (e) { /* a browser that keeps nothing */ }
  });
})(document.documentElement);
