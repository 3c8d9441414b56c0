-- POSTs a whole report by the plain form, each under a new id: a UUIDv7 of the present second, as pages bring them.
local counter, thread = 0, 0
local threads = 0
setup = function(t) t:set("thread", threads); threads = threads + 1 end
init = function(args) math.randomseed(os.time() + thread * 7919); wrk.headers["Content-Type"] = "multipart/form-data; boundary=x" end
local function hex(n) local s = "" for _ = 1, n do s = s .. string.format("%x", math.random(0, 15)) end return s end
local function part(name, value)
  return "--x\r\nContent-Disposition: form-data; name=\"" .. name .. "\"\r\n\r\n" .. value .. "\r\n"
end
request = function()
  counter = counter + 1
  local ms = string.format("%012x", os.time() * 1000 + counter % 1000)
  local id = ms:sub(1, 8) .. "-" .. ms:sub(9) .. "-7" .. hex(3) .. "-a" .. hex(3) .. "-" .. hex(12)
  local body = part("case_id", id) .. part("kind", "problem") .. part("words", "bench " .. id) .. part("visibility", "public") .. "--x--\r\n"
  return wrk.format("POST", "/report", nil, body)
end
