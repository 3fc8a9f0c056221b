// An SMSC that is not ours: the npm package `smpp` as a server on loopback.
//
// It speaks JSON, a line each. In, on stdin:
//   {"do":"answer","with":[{"id":"0A2F"},{"status":"ESME_RTHROTTLED"},{"silent":true},{"drop":true},{"id":"7","receipt":"first"}]}
//       how the next submits are answered, one each; then ids are counted. A receipt names
//       "receipt_id" where it is written otherwise than in the response
//   {"do":"always","with":{"receipt":"after"}}
//       what every other answer has
//   {"do":"deliver","ref":1,"from":"84…","to":"8283","octets":"<hex>","esm_class":0,"data_coding":0,"tlvs":{…}}
//       to the newest bind, or to the next one where none is up
//   {"do":"flood","count":9000,"rate":500,"window":200,"first":84901000000,"to":"8283","texts":["HS …"]}
//       that many phones text at that rate, one text each. What got no response is delivered again
//       on the next bind. Submits are counted by phone and no longer told
//   {"do":"report"}
//       what the flood has come to
//   {"do":"away"}  {"do":"back"}
//       nobody can connect any more, and again at the same port
//   {"do":"enquire"}  {"do":"unbind"}  {"do":"drop"}
// Out, on stdout: listening, bound, refused, submit, delivered, enquired, unbound, closed, report.
"use strict";

const readline = require("readline");
const smpp = require("smpp");

const PASSWORD = "matkhau1";
const RECEIPT = 4;

let answers = [];
let always = {};
let counted = 0;
let bound = [];
let waiting = [];
let flood = null;

const tell = (event, more) => process.stdout.write(JSON.stringify({ event, ...more }) + "\n");

function receiptOf(pdu, id) {
  const text = `id:${id} sub:001 dlvrd:001 submit date:2611231405 done date:2611231406 stat:DELIVRD err:000 text:`;
  return {
    source_addr: pdu.destination_addr,
    destination_addr: pdu.source_addr,
    esm_class: RECEIPT,
    short_message: Buffer.from(text, "latin1"),
  };
}

function submitted(session, pdu) {
  counted += 1;
  const answer = answers.shift() || { ...always, id: counted.toString(16).padStart(8, "0") };
  if (flood) {
    flood.seen.set(pdu.destination_addr, (flood.seen.get(pdu.destination_addr) || 0) + 1);
    session.send(pdu.response({ message_id: answer.id }));
    return;
  }
  const message = pdu.message_payload === undefined ? pdu.short_message : pdu.message_payload;
  const words = message && message.message !== undefined ? message.message : message;
  const udh = message && message.udh ? Buffer.concat(message.udh.map((element) => Buffer.from(element))) : null;
  tell("submit", {
    from: pdu.source_addr,
    to: pdu.destination_addr,
    kinds: [pdu.source_addr_ton, pdu.source_addr_npi, pdu.dest_addr_ton, pdu.dest_addr_npi],
    text: Buffer.isBuffer(words) ? words.toString("latin1") : words,
    udh: udh && udh.toString("hex"),
    esm_class: pdu.esm_class,
    data_coding: pdu.data_coding,
    registered_delivery: pdu.registered_delivery,
    validity: pdu.validity_period === undefined ? null : pdu.validity_period,
    sar: pdu.sar_msg_ref_num === undefined
      ? null
      : [pdu.sar_msg_ref_num, pdu.sar_total_segments, pdu.sar_segment_seqnum],
    payload: pdu.message_payload !== undefined,
    taken: !(answer.silent || answer.drop || answer.status),
  });
  if (answer.silent) return;
  if (answer.drop) {
    session.destroy();
    return;
  }
  if (answer.status) {
    session.send(pdu.response({ command_status: smpp[answer.status] }));
    return;
  }
  const receipt = () =>
    session.deliver_sm(receiptOf(pdu, answer.receipt_id || answer.id), (response) =>
      tell("delivered", { ref: answer.id, status: response.command_status }),
    );
  if (answer.receipt === "first") receipt();
  session.send(pdu.response({ message_id: answer.id }));
  if (answer.receipt === "after") receipt();
}

const server = smpp.createServer((session) => {
  const bind = (pdu) => {
    if (pdu.password !== PASSWORD) {
      session.send(pdu.response({ command_status: smpp.ESME_RINVPASWD }));
      tell("refused", {});
      return;
    }
    session.send(pdu.response({ system_id: "node" }));
    // Nobody's message goes to a bind that only sends.
    if (pdu.command !== "bind_transmitter") bound.push(session);
    tell("bound", { mode: pdu.command });
    for (const order of waiting.splice(0)) orders.deliver(order);
  };
  for (const mode of ["bind_transceiver", "bind_transmitter", "bind_receiver"]) session.on(mode, bind);
  session.on("submit_sm", (pdu) => submitted(session, pdu));
  session.on("enquire_link", (pdu) => session.send(pdu.response()));
  session.on("unbind", (pdu) => {
    session.send(pdu.response());
    tell("unbound", {});
    session.close();
  });
  session.on("close", () => {
    bound = bound.filter((other) => other !== session);
    if (flood) again(session);
    tell("closed", {});
  });
  session.on("error", (error) => {
    // A gateway that is killed resets its connection: that is what a flood is for.
    if (!flood) tell("error", { code: String(error.code || error.message) });
  });
});

// A phone's text goes out, and comes back to the front of the queue with the
// connection that lost it.
function pour() {
  const due = Math.min(flood.count, Math.floor(((Date.now() - flood.started) * flood.rate) / 1000));
  for (; flood.poured < due; flood.poured += 1) flood.queue.push(flood.first + flood.poured);
  const session = bound[bound.length - 1];
  while (session && flood.queue.length > 0 && flood.flying.size < flood.window) {
    const phone = flood.queue.shift();
    flood.flying.set(phone, session);
    session.deliver_sm(
      {
        source_addr_ton: 1,
        source_addr_npi: 1,
        source_addr: String(phone),
        destination_addr: flood.to,
        short_message: Buffer.from(flood.texts[phone % flood.texts.length], "latin1"),
      },
      (response) => {
        if (flood.flying.get(phone) !== session) return;
        flood.flying.delete(phone);
        if (response.command_status === 0) flood.acknowledged.add(String(phone));
        else flood.queue.push(phone);
      },
    );
  }
}

function again(session) {
  const lost = [...flood.flying].filter(([, on]) => on === session).map(([phone]) => phone);
  for (const phone of lost) flood.flying.delete(phone);
  flood.queue.unshift(...lost);
  flood.redelivered += lost.length;
}

function report() {
  const phones = [...flood.acknowledged];
  tell("report", {
    poured: flood.poured,
    acknowledged: phones.length,
    redelivered: flood.redelivered,
    answered: phones.filter((phone) => flood.seen.has(phone)).length,
    unanswered: phones.filter((phone) => !flood.seen.has(phone)),
    doubled: [...flood.seen].filter(([, times]) => times > 1).map(([phone]) => phone),
  });
}

const orders = {
  answer: (order) => answers.push(...order.with),
  always: (order) => { always = order.with; },
  flood: (order) => {
    const own = { started: Date.now(), poured: 0, queue: [], flying: new Map(), redelivered: 0 };
    flood = { ...order, ...own, acknowledged: new Set(), seen: new Map() };
    setInterval(pour, 5);
  },
  report,
  deliver: (order) => {
    const to = bound[bound.length - 1];
    if (!to) {
      waiting.push(order);
      return;
    }
    const fields = {
      source_addr_ton: 1,
      source_addr_npi: 1,
      source_addr: order.from,
      destination_addr: order.to,
      esm_class: order.esm_class || 0,
      data_coding: order.data_coding || 0,
      ...(order.tlvs || {}),
    };
    const octets = Buffer.from(order.octets, "hex");
    if (order.payload) fields.message_payload = octets;
    else fields.short_message = octets;
    to.deliver_sm(fields, (response) =>
      tell("delivered", { ref: order.ref, status: response.command_status }),
    );
  },
  enquire: () => bound.forEach((session) => session.enquire_link(() => tell("enquired", {}))),
  unbind: () => bound.forEach((session) => session.unbind(() => { tell("unbound", {}); session.close(); })),
  drop: () => bound.forEach((session) => session.destroy()),
  away: () => {
    server.close();
    bound.forEach((session) => session.destroy());
  },
  back: () => server.listen(port, "127.0.0.1", () => tell("listening", { port })),
};

const lines = readline.createInterface({ input: process.stdin });
lines.on("line", (line) => {
  const order = JSON.parse(line);
  orders[order.do](order);
});
// The tests are gone.
lines.on("close", () => process.exit(0));

let port = 0;
server.listen(0, "127.0.0.1", () => {
  port = server.address().port;
  tell("listening", { port });
});
