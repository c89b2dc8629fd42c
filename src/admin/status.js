"use strict";

// The page asks status.json again and again and shows what it says. Text comes from messages of strangers, so it goes
// into the page as text only, never as markup.

const REFRESH_MS = 2000;
const PATIENCE_MS = 5000;
const ROWS = 12;
// As many slots as the worker keeps samples: a chart grows from the right until it is full.
const SLOTS = 60;

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const at = (id) => document.getElementById(id);
const show = (id, text) => { at(id).textContent = text; };

function element(tag, text, name) {
  const made = document.createElement(tag);
  if (text !== undefined) made.textContent = text;
  if (name) made.className = name;
  return made;
}

function count(number) {
  return number < 10 && number % 1 !== 0 ? number.toFixed(1) : whole.format(number);
}

function seconds(value) {
  if (value < 0.9995) return `${whole.format(value * 1000)} ms`;
  if (value < 9.95) return `${value.toFixed(1)} s`;
  if (value < 59.5) return `${whole.format(value)} s`;
  value = Math.round(value);
  const parts = [[86400, "d"], [3600, "h"], [60, "min"], [1, "s"]];
  const first = parts.findIndex(([size]) => value >= size);
  const [size, unit] = parts[first];
  const [nextSize, nextUnit] = parts[first + 1];
  const next = Math.floor((value % size) / nextSize);
  return `${Math.floor(value / size)} ${unit}${next ? ` ${next} ${nextUnit}` : ""}`;
}

function bytes(value) {
  const units = ["B", "KiB", "MiB", "GiB"];
  let step = 0;
  while (value >= 1024 && step < units.length - 1) { value /= 1024; step += 1; }
  return `${step ? value.toFixed(1) : value} ${units[step]}`;
}

const clock = (ms) => new Date(ms).toTimeString().slice(0, 8);
const plural = (number, noun) => `${count(number)} ${noun}${number === 1 ? "" : "s"}`;

function figure(id, value, unit) {
  at(id).replaceChildren(value, " ", element("small", unit));
}

// Bars, the newest at the right; each is a list of parts that stand on each other.
function chart(id, slots, label) {
  const svg = at(`${id}-chart`);
  const svgElement = (tag) => document.createElementNS("http://www.w3.org/2000/svg", tag);
  const sum = (parts) => parts.reduce((total, [height]) => total + height, 0);
  const highest = Math.max(...slots.map((slot) => sum(slot.parts)), 0);
  svg.setAttribute("viewBox", `0 0 ${SLOTS} 1`);
  svg.setAttribute("preserveAspectRatio", "none");
  const bars = [];
  slots.forEach((slot, index) => {
    let top = 1;
    for (const [height, name] of slot.parts) {
      if (height <= 0) continue;
      const bar = svgElement("rect");
      const share = height / highest;
      top -= share;
      const place = { x: SLOTS - slots.length + index, y: top, width: 0.8, height: share, class: name };
      for (const [key, value] of Object.entries(place)) bar.setAttribute(key, value);
      const title = svgElement("title");
      title.textContent = `${clock(slot.at)}: ${label(slot)}`;
      bar.append(title);
      bars.push(bar);
    }
  });
  svg.replaceChildren(...bars);
  const peak = slots.find((slot) => highest > 0 && sum(slot.parts) === highest);
  show(`${id}-scale`, peak ? `peak ${label(peak)}` : "");
}

function bars(id, counts) {
  const rows = counts.slice(0, ROWS).map(({ id: name, records }) => {
    const row = element("li");
    const track = element("span");
    const bar = element("i");
    bar.style.width = `${(100 * records) / counts[0].records}%`;
    track.append(bar);
    row.append(element("span", name), track, element("span", whole.format(records)));
    return row;
  });
  at(id).replaceChildren(...(rows.length ? rows : [element("li", "none yet", "empty")]));
}

function showState(status) {
  const state = at("state");
  const worker = status.worker;
  const reasons = status.reasons.map((reason) => {
    const item = element("li", reason.meaning);
    const detail = reason.detail ? `${reason.reason}: ${reason.detail}` : reason.reason;
    item.append(element("code", detail));
    return item;
  });
  at("state-reasons").replaceChildren(...reasons);
  if (status.stuck) {
    state.dataset.state = "stuck";
    show("state-title", "Stuck: restart it");
    show("state-text", `${status.stuck}. A restart mends this; no message is lost by it.`);
  } else if (!status.ready) {
    state.dataset.state = "waiting";
    show("state-title", "Not ready");
    show("state-text", "");
  } else {
    state.dataset.state = "ready";
    show("state-title", "Ready");
    const from = worker ? worker.input_topics.join(", ") : "";
    show("state-text", worker ? `reads ${plural(status.partitions.length, "partition")} of ${from}, writes to ${worker.output_topic}` : "");
  }
  const guarantee = worker ? worker.guarantee.replaceAll("_", " ") : "";
  const parts = worker ? [`group ${worker.group_id}`, guarantee] : [];
  parts.push(`version ${status.version}`, `taxonomy ${status.taxonomy ?? "none"}`, `up ${seconds(status.uptime_seconds)}`);
  show("identity", parts.join(" · "));
  document.title = `${status.stuck ? "stuck" : status.ready ? "ready" : "not ready"} · newsmill`;
}

function showTiles(status) {
  const { now, history } = status;
  const done = (rates) => rates.records_per_second + rates.tombstones_per_second;
  figure("throughput", count(done(now)), "records/s");
  show("throughput-note", `${count(now.dead_letters_per_second)} dead letters/s`);
  chart("throughput", history.map((rates) => ({
    at: rates.at_ms, parts: [[done(rates), "main"], [rates.dead_letters_per_second, "reject"]], rates,
  })), ({ rates }) => `${count(done(rates))} + ${count(rates.dead_letters_per_second)}/s`);

  const { lag_messages: lag } = now;
  figure("lag", lag === null ? "–" : count(lag), lag === null ? "not known" : "messages");
  const waits = status.in_flight.watermark_age_seconds;
  const known = status.reasons.every(({ reason }) => reason !== "broker_unreachable");
  const oldest = waits ? `oldest is ${seconds(waits)} old` : "nothing waits";
  show("lag-note", known ? oldest : "as last heard of the brokers");
  chart("lag", history.map((rates) => ({ at: rates.at_ms, parts: [[rates.lag_messages ?? 0, "main"]] })),
    ({ parts }) => plural(parts[0][0], "message"));

  const { latency_p50_seconds: median, latency_p99_seconds: slowest } = now;
  figure("latency", median === null ? "–" : seconds(median), median === null ? "nothing came out" : "median");
  show("latency-note", slowest === null ? "" : `99 % within ${seconds(slowest)}`);
  chart("latency", history.map((rates) => ({ at: rates.at_ms, parts: [[rates.latency_p50_seconds ?? 0, "main"]] })),
    ({ parts }) => seconds(parts[0][0]));

  const flight = status.in_flight;
  figure("in-flight", count(flight.messages), flight.messages === 1 ? "message" : "messages");
  show("in-flight-note", flight.messages ? `${bytes(flight.bytes)}, oldest for ${seconds(flight.oldest_seconds)}` : "none");
  const totals = [["records", status.since_start.records], ["rejected", status.since_start.dead_letters],
    ["tombstones", status.since_start.tombstones]];
  at("totals").replaceChildren(...totals.flatMap(([name, total]) => [element("dt", name), element("dd", count(total))]));
}

function showLists(status) {
  show("topics-note", `records of the last ${seconds(status.history_seconds)}`);
  bars("topics", status.news_topics);
  bars("sections", status.sections);

  const letters = status.dead_letters.map((letter) => {
    const row = element("li");
    row.append(element("span", clock(letter.at_ms), "time note"), element("span", letter.code, "code"));
    row.append(element("code", `${letter.input_topic}/${letter.partition} @ ${letter.offset}`, "place"));
    row.append(element("span", letter.reason, "reason"));
    return row;
  });
  show("dead-letters-note", letters.length ? "newest first" : "");
  at("dead-letters").replaceChildren(...(letters.length ? letters : [element("li", "none", "empty")]));

  const rows = status.partitions.map((partition) => {
    const row = element("tr");
    const lag = partition.lag_messages === null ? "–" : count(partition.lag_messages);
    row.append(element("td", `${partition.input_topic}/${partition.partition}`), element("td", count(partition.next_offset)));
    row.append(element("td", lag), element("td", count(partition.in_flight)));
    row.append(element("td", partition.state, partition.state));
    return row;
  });
  show("partitions-note", rows.length ? "" : "none are held");
  at("partitions").hidden = rows.length === 0;
  at("partitions").tBodies[0].replaceChildren(...rows);
}

let answered = null;

function silent(error) {
  at("state").dataset.state = "silent";
  show("state-title", "No answer");
  const since = answered === null ? "" : ` What stands below is of ${clock(answered)}.`;
  show("state-text", `The worker's admin port does not answer (${error.message}): the process may have ended.${since}`);
  at("state-reasons").replaceChildren();
  document.body.dataset.old = "";
  document.title = "no answer · newsmill";
}

async function refresh() {
  let status;
  try {
    const answer = await fetch("status.json", { cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS) });
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    status = await answer.json();
  } catch (error) {
    silent(error);
    return;
  }
  showState(status);
  showTiles(status);
  showLists(status);
  answered = status.at_ms;
  delete document.body.dataset.old;
  show("refreshed", `as of ${clock(status.at_ms)}, every ${REFRESH_MS / 1000} s`);
}

// A page that nobody sees asks nothing.
async function turn() {
  if (!document.hidden) await refresh();
  setTimeout(turn, REFRESH_MS);
}
document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh(); });
turn();
