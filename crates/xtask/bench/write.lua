-- POSTs a whole report by the plain form, each under a new id: a UUIDv7 of the present millisecond, as pages bring them. The
-- request is written out once with a blank where the id goes, so that little of the measured time is the client's own.
local ffi = require("ffi")
ffi.cdef("typedef struct { long s; long us; } woodlark_time; int gettimeofday(woodlark_time *, void *);")
local now = ffi.new("woodlark_time")
local BLANK = "00000000-0000-7000-a000-000000000000"
local threads = 0
local head, middle, tail
-- `thread` is a global of each client thread's own: with a local of that name both would make the same ids.
setup = function(t) t:set("thread", threads); threads = threads + 1 end
local function part(name, value)
  return "--x\r\nContent-Disposition: form-data; name=\"" .. name .. "\"\r\n\r\n" .. value .. "\r\n"
end
init = function(args)
  math.randomseed(os.time() + thread * 7919)
  wrk.headers["Content-Type"] = "multipart/form-data; boundary=x"
  local body = part("case_id", BLANK) .. part("kind", "problem") .. part("words", "bench " .. BLANK)
    .. part("visibility", "public") .. "--x--\r\n"
  local whole = wrk.format("POST", "/report", nil, body)
  local from, to = whole:find(BLANK, 1, true)
  local again, last = whole:find(BLANK, to + 1, true)
  head, middle, tail = whole:sub(1, from - 1), whole:sub(to + 1, again - 1), whole:sub(last + 1)
end
request = function()
  local random = math.random
  ffi.C.gettimeofday(now, nil)
  local ms = tonumber(now.s) * 1000 + math.floor(tonumber(now.us) / 1000)
  local id = string.format("%08x-%04x-7%03x-a%03x-%06x%06x", math.floor(ms / 65536), ms % 65536,
    random(0, 4095), random(0, 4095), random(0, 16777215), random(0, 16777215))
  return head .. id .. middle .. id .. tail
end
