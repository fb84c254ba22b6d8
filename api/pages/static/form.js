// Character counts beside the long texts, and drafts. The form works without this.
import "./drafts.js";

for (const note of document.querySelectorAll(".count[data-for]")) {
  const field = document.getElementById(note.dataset.for);
  const longest = Number(note.dataset.longest);
  const update = () => {
    const used = [...field.value.trim()].length;
    const over = used > longest ? `，多了 ${used - longest} 字` : "";
    note.textContent = ` ${used} / ${longest} 字${over}`;
    note.classList.toggle("over", used > longest);
  };
  field.addEventListener("input", update);
  update();
}
