-- Sends the raw requests of a file by turns, and prints what came of it.
--
-- Arguments: the file, whose requests are followed by a zero byte each, and the mean think time before each request in
-- milliseconds, 0 for none. Think times are exponential, so that requests come as from many independent clients; but
-- wrk's clock for them ticks once a millisecond, so that those of one tick come together.

local requests, place = {}, 0

function init(args)
  local file = assert(io.open(args[1], "rb"))
  for each in file:read("*a"):gmatch("[^%z]+") do
    requests[#requests + 1] = each
  end
  file:close()
  local think = tonumber(args[2])
  if think > 0 then
    function delay()
      return math.floor(0.5 - think * math.log(1 - math.random()))
    end
  end
end

function request()
  place = place % #requests + 1
  return requests[place]
end

function done(summary, latency)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format("%d %d %d %d %d %d %d\n", summary.requests, summary.duration, summary.bytes,
    latency:percentile(50), latency:percentile(99), latency:percentile(99.9), failed))
end
