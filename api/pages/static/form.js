// Character counts beside the long texts. The form works without this.
for (const note of document.querySelectorAll(".count")) {
  const field = document.getElementById(note.dataset.for);
  const longest = Number(note.dataset.longest);
  const update = () => {
    const used = [...field.value.trim()].length;
    note.textContent = ` ${used} / ${longest} 字`;
    note.classList.toggle("over", used > longest);
  };
  field.addEventListener("input", update);
  update();
}
