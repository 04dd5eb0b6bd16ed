// Names to choose from while somebody types into a search box. Without this script the box works as it is.
for (const input of document.querySelectorAll("input[data-suggest]")) {
  const names = document.createElement("datalist");
  names.id = `${input.id}-names`;
  input.after(names);
  input.setAttribute("list", names.id);
  let waiting = 0;
  let asked = "";

  async function ask() {
    const typed = input.value.trim();
    if (typed === asked || typed.length < 2) return;
    asked = typed;
    try {
      const address = new URL(input.dataset.suggest, location.href); // may name the edition that is read
      address.searchParams.set("q", typed);
      const answer = await fetch(address);
      const [, labels, kinds] = await answer.json();
      if (asked !== typed) return; // a later answer is on its way
      names.replaceChildren(...labels.map((label, place) => new Option(kinds[place], label)));
    } catch {
      names.replaceChildren(); // no network: the box still searches
    }
  }

  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, 150);
  });
}
