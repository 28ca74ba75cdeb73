// Words that mean danger, while they are typed: the panel that says what to do first. It holds nothing up.

const panel = document.getElementById("emergency");

/** As node/domain/intake/emergency.py does it: no case, no accents, no punctuation, spaces at both ends. */
function plain(text) {
  const bare = text.normalize("NFKD").toLowerCase().replace(/\p{M}+/gu, "");
  return ` ${(bare.match(/[\p{L}\p{N}_]+/gu) ?? []).join(" ")} `;
}

// Each also with the "and" that Arabic writes onto a word.
const words = panel.dataset.words.split("|").map(plain).filter((word) => word.trim())
  .flatMap((word) => [word, ` \u0648${word.slice(1)}`]);

for (const field of document.querySelectorAll("textarea, [name=safe_to_ring], [name=caller_tie], [name^='own:']")) {
  field.addEventListener("input", () => {
    const said = plain(field.value);
    if (words.some((word) => said.includes(word))) panel.hidden = false;
  });
}
