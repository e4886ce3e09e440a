// Subscriptions as event streams over POST: the distinct connections mode of GraphQL over Server-Sent Events.

/** The answers of a subscription, one after another. Whoever stops asking for them ends it. */
export async function* subscribed(url, request, { headers } = {}) {
  const stop = new AbortController();
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { ...headers, "Content-Type": "application/json", Accept: "text/event-stream, application/json;q=0.5" },
      body: JSON.stringify(request),
      signal: stop.signal,
    });
    if (!response.headers.get("Content-Type")?.startsWith("text/event-stream")) {
      yield await response.json(); // a refusal
      return;
    }
    for await (const { event, data } of events(response.body)) {
      if (event === "complete") return;
      if (event === "next") yield JSON.parse(data);
    }
  } finally {
    stop.abort();
  }
}

async function* events(body) {
  let rest = "";
  for await (const text of body.pipeThrough(new TextDecoderStream())) {
    const blocks = (rest + text).split(/\r?\n\r?\n/);
    rest = blocks.pop();
    yield* blocks.map(parsed);
  }
}

function parsed(block) {
  const fields = { event: "message", data: "" };
  for (const line of block.split(/\r?\n/)) {
    const [, name, value] = /^(\w*): ?(.*)$/.exec(line) ?? [];
    if (name === "data") fields.data += value;
    else if (name) fields[name] = value;
  }
  return fields;
}
