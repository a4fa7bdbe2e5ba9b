-- Load for wrk: every request's page, address and user agent come from a file of page-count-make-visits, so they follow
-- its law. Requests are made before the clock starts; while it runs nothing but a table is read.
--
--   wrk ... -s load.lua URL -- KIND FILE START REQUESTS
--
-- KIND: visit (POST /visit), visit-with-source (that with a referrer and a title), visit-with-id (that with an id, another
-- one each), root (GET /?url=), pixel (GET /pixel.gif?url=) or bulk (POST /bulk-visits of 100). START, from 0 to 1, is where
-- in the file to begin; each thread makes REQUESTS of them and begins again at their end. Says in one line of JSON what came
-- back; latencies are in milliseconds.

local threads = {}
local visits_a_bulk = 100

function setup(thread)
  thread:set("number", #threads)
  table.insert(threads, thread)
end

local function percent_encode(url)
  return (url:gsub("[^%w%-%._~]", function(byte) return string.format("%%%02X", byte:byte()) end))
end

local function open_at(path, share)
  local file = assert(io.open(path, "r"))
  file:seek("set", math.floor(file:seek("end") * share))
  file:read("*l") -- what is left of a line
  return file
end

-- url, ip and user agent of the file's next visit; after the last comes the first.
local function next_visit(file)
  local line = file:read("*l")
  if not line then
    file:seek("set", 0)
    file:read("*l") -- the head
    line = assert(file:read("*l"))
  end
  return line:match('^([^,]*),([^,]*),"([^"]*)"')
end

local members_of_kind = {
  ["visit-with-source"] = function(url)
    local name = url:match("[^/]*$")
    return ', "referrer": "https://site-' .. #url .. '.example/from/' .. name .. '", "title": "The page ' .. name .. '"'
  end,
  ["visit-with-id"] = function()
    return string.format(', "id": "%08x-%08x-%08x"', math.random(0, 0xffffffff), math.random(0, 0xffffffff), os.time())
  end,
}

local function request_of(kind, host, file)
  local url, ip, agent = next_visit(file)
  local head = " HTTP/1.1\r\nHost: " .. host .. "\r\nX-Real-IP: " .. ip .. "\r\nUser-Agent: " .. agent .. "\r\n"
  if kind == "root" then return "GET /?url=" .. percent_encode(url) .. head .. "\r\n" end
  if kind == "pixel" then return "GET /pixel.gif?url=" .. percent_encode(url) .. head .. "\r\n" end
  local members = members_of_kind[kind] and members_of_kind[kind](url) or ""
  local path, body = "/visit", '{"url": "' .. url .. '"' .. members .. '}'
  if kind == "bulk" then
    local entries = { body }
    for i = 2, visits_a_bulk do entries[i] = '{"url": "' .. next_visit(file) .. '"}' end
    path, body = "/bulk-visits", "[" .. table.concat(entries, ", ") .. "]"
  end
  return "POST " .. path .. head .. "Content-Type: application/json\r\nContent-Length: " .. #body .. "\r\n\r\n" .. body
end

function init(arguments)
  local kind, path, start, count = arguments[1], arguments[2], tonumber(arguments[3]), tonumber(arguments[4])
  math.randomseed(math.floor(start * 2 ^ 31) + number)
  local file = open_at(path, (start + number / 2) % 1)
  local host = wrk.host .. ":" .. wrk.port
  requests, at = {}, 0
  for i = 1, count do requests[i] = request_of(kind, host, file) end
  file:close()
  recorded, refused, other = 0, 0, 0
end

function request()
  at = at % #requests + 1
  return requests[at]
end

function response(status)
  if status == 200 then
    recorded = recorded + 1
  elseif status == 429 then
    refused = refused + 1
  else
    other = other + 1
  end
end

function done(summary, latency)
  local sums = { recorded = 0, refused = 0, other = 0 }
  for _, thread in ipairs(threads) do
    for name, sum in pairs(sums) do sums[name] = sum + thread:get(name) end
  end
  local errors = summary.errors
  io.write(string.format(
    '{"seconds": %.3f, "requests": %d, "status_200": %d, "status_429": %d, "status_other": %d, "socket_errors": %d, '
      .. '"rate": %.1f, "p50_ms": %.3f, "p99_ms": %.3f, "max_ms": %.3f}\n',
    summary.duration / 1e6, summary.requests, sums.recorded, sums.refused, sums.other,
    errors.connect + errors.read + errors.write + errors.timeout, summary.requests * 1e6 / summary.duration,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000, latency.max / 1000))
end
