// Progress of the jobs on this page, once a second; the page is loaded again when one has ended.
const ended = new Set(["done", "failed", "cancelled"]);

async function follow(place) {
  const answer = await fetch(`/api/v1/imports/${place.dataset.job}`, { cache: "no-store" });
  if (!answer.ok) return;
  const job = await answer.json();
  if (ended.has(job.state)) return location.reload();
  const counted = job.total ? `${job.step} ${job.done} / ${job.total}` : job.step;
  place.querySelector("[data-state]").textContent = job.state === "waiting" ? "等待中" : job.state === "stopping" ? "正在取消" : "进行中";
  place.querySelector("[data-progress]").textContent = counted;
  place.querySelector("meter").value = job.total ? (100 * job.done) / job.total : 0;
}

setInterval(() => document.querySelectorAll("[data-job]").forEach((place) => follow(place).catch(() => {})), 1000);
