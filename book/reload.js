// Only in a book that is served: when it was built anew, show it anew.
(async () => {
  const builds = async () => (await fetch(`${path_to_root}builds`)).text();
  const first = await builds();
  setInterval(async () => {
    // A server that is away is waited for.
    if ((await builds().catch(() => first)) !== first) location.reload();
  }, 500);
})();
